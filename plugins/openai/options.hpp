// [provider.NAME.options] as values (options_schema.hpp is what the host has checked them against): how one
// OpenAI-compatible server differs from OpenAI's own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace belay::openai {

struct Options {
  std::string max_tokens_name;                ///< what the server calls the output cap; empty: as the caller wrote it
  std::vector<std::string> drop;              ///< members that are never sent
  std::string auth_header = "authorization";  ///< lower case; any other than this one takes the bare secret
  std::vector<std::pair<std::string, std::string>> query;  ///< added to every URL
  bool stream_usage = false;  ///< ask for usage at the end of a stream when the caller has not said
  std::string organization, project;
  std::string chat_path = "/chat/completions", embeddings_path = "/embeddings", models_path = "/models";
};

/// Throws sdk::Error(BELAY_ERR_CONFIG) with the key that is wrong.
Options read_options(std::string_view json);

/// One line for the log of what these options change in a request; empty: nothing.
std::string changes(const Options& options);

}  // namespace belay::openai
