// Reading sources: from where a person put a secret into a Secret.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "credentials/settings.hpp"

namespace belay::credentials {

/// Whether reading it runs a program, which may take seconds or ask a person.
bool runs_program(const Source& source);

/// Reads sources in one pass: a file that several of them name is read once, so that what they give belongs together
/// also when the file is replaced meanwhile. [one thread; blocks when runs_program()]
class SourceReader {
 public:
  /// `limit` is for each source that runs a program.
  SourceReader(Millis limit, CancelToken cancel) : limit_(limit), cancel_(std::move(cancel)) {}
  ~SourceReader();
  SourceReader(const SourceReader&) = delete;
  SourceReader& operator=(const SourceReader&) = delete;

  /// The error is why there is no value: "environment variable OPENAI_API_KEY is not set". An empty value is an error.
  Result<Secret> read(const Source& source);
  /// The expiry that stands in the same file beside the value, if one does.
  std::optional<UnixMs> expiry_of(const Source& source);
  /// What a command line printed, one trailing newline cut.
  Result<Secret> run(const std::string& who, const std::string& command);

 private:
  Result<Secret> read_from_file(const Source& source);
  const Result<std::string>& content_of(const Source& source);

  const Millis limit_;
  const CancelToken cancel_;
  std::map<std::string, Result<std::string>> files_;  ///< by path; wiped at the end
};

/// The path of a file source, "~/" resolved.
std::string path_of(const Source& source);

}  // namespace belay::credentials
