// What real error bodies mean: read by belay/cpp/error_body.hpp, judged by belay/words.hpp. Each row names where the
// body was seen: a page of a provider's documentation, an issue, or "form of" a body that relays and compatible servers
// write.
#include "belay/words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "belay/cpp/error_body.hpp"
#include "belay/plugin.hpp"
#include "driver.hpp"

namespace {

using belay::words::Meaning;

struct Row {
  std::string_view source;
  int status;
  std::string_view body;
  std::uint32_t reason;
  std::string_view parameter = {};
  std::string_view rename = {};
};

constexpr auto auth = BELAY_REASON_AUTH_REJECTED, quota = BELAY_REASON_QUOTA_EXHAUSTED,
               rate = BELAY_REASON_RATE_LIMITED, overload = BELAY_REASON_OVERLOADED, server = BELAY_REASON_SERVER_ERROR,
               timeout = BELAY_REASON_TIMED_OUT, model = BELAY_REASON_MODEL_UNAVAILABLE,
               permission = BELAY_REASON_PERMISSION_DENIED, parameter = BELAY_REASON_UNSUPPORTED_PARAMETER,
               context = BELAY_REASON_CONTEXT_TOO_LONG, too_large = BELAY_REASON_REQUEST_TOO_LARGE,
               bad = BELAY_REASON_BAD_REQUEST, content = BELAY_REASON_CONTENT_REFUSED, unknown = BELAY_REASON_UNKNOWN;

class Words : public testing::Test {
 protected:
  void SetUp() override { belay::sdk::detail::the_host = &belay::driver::host_table(); }
};

belay::sdk::Classification classified(int status, std::string_view body) {
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = status == 200 ? BELAY_FAILURE_IN_REPLY : BELAY_FAILURE_STATUS;
  failure.status = status;
  failure.body = belay::sdk::bytes(body);
  return belay::sdk::classify_by_words(belay::sdk::Failure(&failure));
}

void check(const Row& row) {
  const auto seen = classified(row.status, row.body);
  EXPECT_EQ(seen.reason, row.reason) << row.source << ": " << row.status << " " << row.body;
  EXPECT_EQ(seen.parameter, row.parameter) << row.source << ": " << row.body;
  EXPECT_EQ(seen.rename, row.rename) << row.source << ": " << row.body;
}

// clang-format off: one row a line
constexpr Row access_rows[] = {
    {"OpenAI error codes: 401", 401,
     R"j({"error":{"message":"Incorrect API key provided: sk-x. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}})j",
     auth},
    {"OpenAI error codes: 401 organization", 401,
     R"j({"error":{"message":"You must be a member of an organization to use the API","type":"invalid_request_error","param":null,"code":null}})j",
     auth},
    {"OpenRouter, nicobailon/pi-subagents#2077", 401, R"j({"error":{"message":"User not found.","code":401}})j", auth},
    {"a proxy's page", 401, "<html><head><title>401 Authorization Required</title></head><body>nginx</body></html>",
     auth},
    {"empty", 401, "", auth},
    {"a 401 stays one whatever its text", 401,
     R"j({"error":{"message":"insufficient credits","code":"insufficient_quota"}})j", auth},
    {"Gemini API troubleshooting: API_KEY_INVALID", 400,
     R"j([{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}])j",
     auth},
    {"Gemini API: renewed key", 400,
     R"j({"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT"}})j",
     auth},
    {"xAI API: 400 for a wrong key", 400,
     R"j({"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai."})j",
     auth},
    {"hermes-agent a.7: xAI OAuth, FerroxLabs/wayland#379", 403,
     R"j({"code":"unauthenticated:bad-credentials","error":"The OAuth2 access token could not be validated. [WKE=unauthenticated:bad-credentials]"})j",
     auth},
    {"xAI API: blocked key", 403,
     R"j({"code":"The caller does not have permission to execute the specified operation","error":"The API key is currently blocked: leaked"})j",
     auth},
    {"Novita error codes: INVALID_API_KEY", 403,
     R"j({"code":403,"reason":"INVALID_API_KEY","message":"Invalid API key","metadata":{}})j", auth},
    {"Azure OpenAI, API Management", 401,
     R"j({"statusCode":401,"message":"Access denied due to invalid subscription key or wrong API endpoint."})j", auth},
    {"AWS Bedrock: expired session", 403, R"j({"message":"The security token included in the request is expired"})j",
     auth},
    {"AWS Bedrock: SigV4", 403,
     R"j({"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."})j",
     auth},
    {"a relay in front of OpenAI", 403, R"j({"error":{"message":"Invalid key","type":"forbidden"}})j", auth},
    {"new-api: revoked token", 403,
     R"j({"error":{"message":"This token has been revoked (request id: 1)","type":"new_api_error"}})j", auth},
    {"FastAPI servers", 403, R"j({"detail":"Could not validate credentials"})j", auth},
    {"DashScope error codes: InvalidApiKey", 403,
     R"j({"error":{"code":"InvalidApiKey","message":"Invalid API-key provided.","type":"InvalidApiKey"}})j", auth},
    {"hermes-agent#112902: Copilot, in a stream", 200,
     R"j({"error":{"message":"IDE token expired: unauthorized: token expired","code":""}})j", auth},
    {"OpenRouter docs, mid-stream", 200, R"j({"error":{"code":401,"message":"Invalid credentials"}})j", auth},
    {"form of LiteLLM, in a stream", 200,
     R"j({"error":{"message":"litellm.AuthenticationError: AuthenticationError: OpenAIException - x","type":"auth_error","param":"None","code":"401"}})j",
     auth},
    {"hermes-agent a.7: text of a client library", 200,
     R"j({"error":{"message":"Error code: 401 - {'error': {'message': 'x'}}"}})j", auth},
    {"a relay that wraps", 400, R"j({"error":{"code":401,"message":"upstream refused"}})j", auth},
    {"trap: a token of JSON is no credential", 400,
     R"j({"error":{"message":"Invalid token in JSON at position 7","type":"invalid_request_error"}})j", bad},
    {"trap: rights are no credential", 403,
     R"j({"error":{"message":"You have insufficient permissions for this operation. Missing scopes: model.request.","type":"invalid_request_error","code":"unauthorized"}})j",
     permission},
    {"OpenAI error codes: region", 403,
     R"j({"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported","param":null,"type":"request_forbidden"}})j",
     permission},
    {"a plain 403", 403, R"j({"error":{"message":"Forbidden","type":"error","param":null,"code":null}})j", permission},
    {"Cloudflare's page", 403, "<html><head><title>Just a moment...</title></head></html>", permission},
};

constexpr Row
    capacity_rows
        [] =
            {
                {"OpenAI error codes: 429 quota, NextChat#3123", 429,
                 R"j({"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}})j",
                 quota},
                {"the code alone", 429,
                 R"j({"error":{"message":"No.","type":"error","param":null,"code":"insufficient_quota"}})j", quota},
                {"the type alone, node-chatgpt-api#167", 429,
                 R"j({"error":{"message":"No.","type":"insufficient_quota","param":null,"code":null}})j", quota},
                {"OpenAI: hard limit", 400,
                 R"j({"error":{"message":"Billing hard limit has been reached","type":"invalid_request_error","param":null,"code":"billing_hard_limit_reached"}})j",
                 quota},
                {"OpenAI: account not active", 429,
                 R"j({"error":{"message":"Your account is not active, please check your billing details on our website.","type":"billing_not_active","param":null,"code":"billing_not_active"}})j",
                 quota},
                {"OpenRouter error docs: 402", 402,
                 R"j({"error":{"code":402,"message":"Insufficient credits. Add more using https://openrouter.ai/credits"}})j",
                 quota},
                {"OpenRouter: key limit", 403,
                 R"j({"error":{"code":403,"message":"Key limit exceeded (monthly limit). Manage it using https://openrouter.ai/settings/keys"}})j",
                 quota},
                {"OpenRouter limits: free models", 429,
                 R"j({"error":{"message":"Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day","code":429,"metadata":{"headers":{"X-RateLimit-Limit":"50","X-RateLimit-Remaining":"0","X-RateLimit-Reset":"1741305600000"}}}})j",
                 quota},
                {"OpenRouter limits: free models", 429,
                 R"j({"error":{"message":"Rate limit exceeded: free-models-per-min. ","code":429}})j", rate},
                {"Anthropic errors: credit balance", 400,
                 R"j({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."}})j",
                 quota},
                {"Anthropic errors: 402", 402, R"j({"type":"error","error":{"type":"billing_error","message":"x"}})j",
                 quota},
                {"DeepSeek error codes: 402", 402,
                 R"j({"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}})j",
                 quota},
                {"Moonshot error codes", 429,
                 R"j({"error":{"message":"Your account org-x is suspended, please check your plan and billing details","type":"exceeded_current_quota_error"}})j",
                 quota},
                {"Z.AI error codes: 1113", 429,
                 R"j({"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}})j",
                 quota},
                {"Z.AI error codes: 1310", 429,
                 R"j({"error":{"code":"1310","message":"Weekly/Monthly Limit Exhausted. Your limit will reset at 2026-03-13 15:52:56"}})j",
                 quota},
                {"Z.AI error codes: 1302", 429,
                 R"j({"error":{"code":"1302","message":"High concurrency usage of this API, please reduce concurrency or contact customer service to increase limits"}})j",
                 rate},
                {"SiliconFlow error codes", 403,
                 R"j({"code":30001,"message":"Sorry, your account balance is insufficient","data":null})j", quota},
                {"Novita error codes: NOT_ENOUGH_BALANCE", 403,
                 R"j({"code":"NOT_ENOUGH_BALANCE","message":"not enough balance"})j", quota},
                {"DashScope error codes: Arrearage", 400,
                 R"j({"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing.","type":"Arrearage"}})j",
                 quota},
                {"DashScope error codes: AllocationQuota.FreeTierOnly", 403,
                 R"j({"error":{"code":"AllocationQuota.FreeTierOnly","message":"The free tier of the model has been exhausted."}})j",
                 quota},
                {"xAI: a team without credits", 403,
                 R"j({"code":"The caller does not have permission to execute the specified operation","error":"Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai."})j",
                 quota},
                {"xAI: spending limit", 429,
                 R"j({"code":"Some resource has been exhausted","error":"Your team has either used all available credits or reached its monthly spending limit."})j",
                 quota},
                {"Groq rate limits: day, continuedev/continue#10920", 429,
                 R"j({"error":{"message":"Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_x` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 97050, Requested 3619. Please try again in 9m38.016s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing","type":"tokens","code":"rate_limit_exceeded"}})j",
                 quota},
                {"trap, Groq: an address is no billing, elizaOS/eliza#4040", 429,
                 R"j({"error":{"message":"Rate limit reached for model `llama-3.1-8b-instant` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing","type":"tokens","code":"rate_limit_exceeded"}})j",
                 rate},
                {"OpenAI rate limits, BuilderIO/micro-agent#86", 429,
                 R"j({"error":{"message":"Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29937, Requested 385. Please try again in 644ms. Visit https://platform.openai.com/account/rate-limits to learn more.","type":"tokens","param":null,"code":"rate_limit_exceeded"}})j",
                 rate},
                {"OpenAI rate limits: requests of a day", 429,
                 R"j({"error":{"message":"Rate limit reached for gpt-4o in organization org-x on requests per day (RPD): Limit 10000, Used 10000, Requested 1. Please try again in 8.64s.","type":"requests","param":null,"code":"rate_limit_exceeded"}})j",
                 quota},
                {"Gemini, OmniRoute#9504: day", 429, R"j([{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. \n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20, model: gemini-3.6-flash\nPlease retry in 36.429760048s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36s"}]}}])j",
                 quota},
                {"Gemini, OmniRoute#9504: minute", 429,
                 R"j([{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. Please retry in 12.5s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"}]}}])j",
                 rate},
                {"Vertex, google-gemini/gemini-cli#14831", 429,
                 R"j([{"error":{"code":429,"message":"Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.","status":"RESOURCE_EXHAUSTED"}}])j",
                 rate},
                {"Gemini, google-gemini/gemini-cli#14811: JSON in a text", 429,
                 R"j({"error":{"message":"{\n  \"error\": {\n    \"code\": 429,\n    \"message\": \"Resource has been exhausted (e.g. check quota).\",\n    \"status\": \"RESOURCE_EXHAUSTED\"\n  }\n}\n","code":429,"status":"Too Many Requests"}})j",
                 quota},
                {"Vertex: quota of a minute, introspection_self_prediction#66", 429,
                 R"j({"error":{"code":429,"message":"Quota exceeded for aiplatform.googleapis.com/generate_content_requests per minute per project. Please submit a quota increase request.","status":"RESOURCE_EXHAUSTED"}})j",
                 rate},
                {"Azure OpenAI quotas", 429,
                 R"j({"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-06-01 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 23 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit."}})j",
                 rate},
                {"Mistral: tier", 429,
                 R"j({"object":"error","message":"Service tier capacity exceeded for this model.","type":"service_tier_capacity_exceeded","param":null,"code":"3505"})j",
                 rate},
                {"Moonshot error codes: a 429 is a rate", 429,
                 R"j({"error":{"message":"The engine is currently overloaded, please try again later","type":"engine_overloaded_error"}})j",
                 rate},
                {"opencode#29912: Xiaomi", 429,
                 R"j({"error":{"code":"429","message":"Error from provider (Xiaomi): Too many requests","type":"limitation"}})j",
                 rate},
                {"NVIDIA NIM, free-claude-code#1228", 429, R"j({"status":429,"title":"Too Many Requests"})j", rate},
                {"OpenRouter metadata.raw, open-webui/computer#293", 429,
                 R"j({"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"z-ai/glm-5.3-flash is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits: https://openrouter.ai/settings/integrations","provider_name":"BaseTen"}}})j",
                 rate},
                {"OpenRouter metadata.raw: JSON", 429,
                 R"j({"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"{\"error\":{\"message\":\"Your account balance is insufficient\",\"code\":\"insufficient_quota\"}}","provider_name":"x"}}})j",
                 quota},
                {"Cloudflare Workers AI limits", 429,
                 R"j({"success":false,"errors":[{"code":4006,"message":"you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan"}]})j",
                 quota},
                {"Hugging Face router", 402,
                 R"j({"error":"You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits."})j",
                 quota},
                {"Cerebras", 429,
                 R"j({"message":"Requests per day limit exceeded - too many requests sent.","type":"too_many_requests_error","param":"quota","code":"request_quota_exceeded"})j",
                 quota},
                {"hermes-agent#26803: Nous", 404,
                 R"j({"error":{"message":"Model requires a subscription: upgrade for access"}})j", quota},
                {"hermes-agent#85649: subscription", 429,
                 R"j({"error":"you (x) have reached your session usage limit, upgrade for higher limits: https://ollama.com/upgrade"})j",
                 quota},
                {"scenario: weekly plan", 429,
                 R"j({"error":{"message":"You have reached your weekly limit for this plan.","type":"error","param":null,"code":null}})j",
                 quota},
                {"scenario: 413 with billing", 413,
                 R"j({"error":{"message":"Payment required to send requests of this size: upgrade your billing plan"}})j",
                 quota},
                {"Copilot premium requests", 429,
                 R"j({"error":{"message":"Sorry, you have exceeded your Copilot token usage","code":"quota_exceeded"}})j",
                 quota},
                {"Codex usage limit", 429,
                 R"j({"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","plan_type":"plus","resets_at":1767225600,"resets_in_seconds":12780}})j",
                 quota},
                {"Codex: no plan", 429, R"j({"error":{"type":"usage_not_included","message":"x"}})j", quota},
                {"OpenAI, in a stream", 200,
                 R"j({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})j",
                 quota},
                {"OpenRouter docs, mid-stream", 200, R"j({"error":{"code":402,"message":"x"}})j", quota},
                {"numeric code as text, in a stream", 200, R"j({"error":{"code":"429","message":"slow down"}})j", rate},
                {"OpenAI, in a stream", 200,
                 R"j({"error":{"message":"Rate limit reached for gpt-4o on tokens per min (TPM)","type":"tokens","code":"rate_limit_exceeded"}})j",
                 rate},
                {"trap: a parameter error that mentions tokens", 400,
                 R"j({"error":{"message":"max_tokens is too large: 300000. This model supports at most 128000 completion tokens, whereas you provided 300000.","type":"invalid_request_error","param":"max_tokens","code":"invalid_value"}})j",
                 bad},
                {"trap: a parameter error that mentions a daily limit", 400,
                 R"j({"error":{"message":"max_tokens exceeds the tokens per day of this model's daily limit","type":"invalid_request_error","param":"max_tokens","code":null}})j",
                 bad},
                {"trap: a refused parameter that mentions billing", 400,
                 R"j({"error":{"message":"Unsupported parameter: 'service_tier' is not supported with this model's billing plan.","type":"invalid_request_error","param":"service_tier","code":"unsupported_parameter"}})j",
                 parameter, "service_tier"},
                {"form of a relay", 403, R"j({"error":{"message":"This API key has exceeded its quota"}})j", quota},
                {"LiteLLM budgets", 400,
                 R"j({"error":{"message":"ExceededBudget: User x has exceeded their budget. Current spend: 1.0; Max Budget: 0.5","type":"budget_exceeded","param":null,"code":"400"}})j",
                 quota},
                {"trap: a quota of a minute", 429,
                 R"j({"error":{"message":"You have exceeded the quota of 5 requests per minute"}})j", rate},
                {"trap: no credits were charged", 403,
                 R"j({"error":{"code":403,"message":"openai/gpt-4o-mini requires moderation on OpenAI. Your input was flagged for \"harassment\". No credits were charged.","metadata":{"reasons":["harassment"],"flagged_input":"x"}}})j",
                 content},
                {"trap: a server in trouble is no matter of money", 500,
                 R"j({"error":{"message":"billing service unavailable","code":"insufficient_quota"}})j", server},
};

constexpr Row server_rows[] = {
    {"OpenAI error codes: 503", 503,
     R"j({"error":{"message":"The engine is currently overloaded, please try again later","type":"server_error"}})j",
     overload},
    {"Anthropic errors: 529", 529, R"j({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})j",
     overload},
    {"hermes-agent#117869, #118286: a relay's 403", 403,
     R"j({"error":{"message":"The server had an error while processing your request","type":"server_error","code":null}})j",
     overload},
    {"form of the same", 403,
     R"j({"error":{"message":"upstream_error: internal server error","type":"upstream_error"}})j", overload},
    {"OpenAI error codes: 500", 500,
     R"j({"error":{"message":"The server had an error while processing your request. Sorry about that!","type":"server_error","param":null,"code":null}})j",
     server},
    {"a gateway's page", 502, "<html><head><title>502 Bad Gateway</title></head></html>", server},
    {"a gateway's page", 504, "<html><head><title>504 Gateway Time-out</title></head></html>", server},
    {"Cloudflare 520", 520, "", server},
    {"Anthropic, in a stream", 200,
     R"j({"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}})j", overload},
    {"OpenRouter docs, mid-stream", 200,
     R"j({"error":{"code":"server_error","message":"Provider disconnected unexpectedly"}})j", server},
    {"OpenRouter docs, mid-stream", 200, R"j({"error":{"code":502,"message":"Upstream idle timeout exceeded"}})j",
     server},
    {"OpenRouter docs, mid-stream", 200, R"j({"error":{"code":503,"message":"no provider"}})j", overload},
    {"Gemini, in a stream", 200,
     R"j([{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}])j",
     overload},
    {"Ollama, in a stream", 200,
     R"j({"error":"model runner has unexpectedly stopped, this may be due to resource limitations or an internal error"})j",
     server},
    {"hermes-agent a.7, transport told by a relay", 200,
     R"j({"error":{"message":"peer closed connection without sending complete message body (incomplete chunked read)"}})j",
     server},
    {"a relay's own limit", 200, R"j({"error":{"message":"request timed out","type":"timeout_error"}})j", timeout},
    {"RFC 9110: 408", 408, R"j({"error":{"message":"Request timeout"}})j", timeout},
    {"scenario: says nothing", 200, R"j({"error":{"message":"Provider returned error","code":null}})j", unknown},
    {"says nothing at all", 200, R"j({"error":{}})j", unknown},
    {"DESIGN 4.1: other 4xx", 418, R"j({"error":{"message":"I'm a teapot"}})j", permission},
    {"DESIGN 4.1: other 4xx", 405, R"j({"detail":"Method Not Allowed"})j", permission},
    {"DESIGN 4.1: other 4xx", 409, R"j({"error":{"message":"conflict"}})j", permission},
    {"Z.AI HTTP codes: 434", 434, R"j({"error":{"message":"No API permission"}})j", permission},
    {"DESIGN 4.1: 410", 410, R"j({"error":{"message":"Gone"}})j", model},
    {"DESIGN 4.1: 413", 413, R"j(<html><head><title>413 Request Entity Too Large</title></head></html>)j", too_large},
    {"Groq: too large for a minute, elizaOS/eliza#4040", 413,
     R"j({"error":{"message":"Request too large for model `llama-3.1-8b-instant` in organization `x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 6294, please reduce your message size and try again. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing","type":"tokens","code":"rate_limit_exceeded"}})j",
     too_large},
    {"DESIGN 4.1: 451", 451, R"j({"error":{"message":"Unavailable For Legal Reasons"}})j", content},
};

constexpr Row model_rows[] = {
    {"OpenAI error codes: 404", 404,
     R"j({"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}})j",
     model},
    {"a 404 of any kind", 404, "404 page not found", model},
    {"zed-industries/zed#28869: Copilot", 400,
     R"j({"error":{"message":"The requested model is not supported.","code":"model_not_supported","param":"model","type":"invalid_request_error"}})j",
     model},
    {"RooCodeInc/Roo-Code#1885: Copilot", 400,
     R"j({"error":{"message":"Model is not supported for this request.","param":"model","code":"model_not_supported","type":"invalid_request_error"}})j",
     model},
    {"github/copilot-cli#400", 400,
     R"j({"error":{"message":"no endpoints available for this model under your current plan and policies","code":"no_available_model_endpoints"}})j",
     model},
    {"opencode#34048: Copilot", 400,
     R"j({"error":{"message":"The requested model is not available for integrator \"x\".","code":""}})j", model},
    {"scenario: gating", 400,
     R"j({"error":{"message":"The 'm' model is not supported when using this client with your account.","type":"error","param":null,"code":null}})j",
     model},
    {"Codex gating", 400,
     R"j({"detail":"The 'gpt-5.1-codex' model is not supported when using Codex with a ChatGPT account."})j", model},
    {"Groq deprecations", 400,
     R"j({"error":{"message":"The model `mixtral-8x7b-32768` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation.","type":"invalid_request_error","code":"model_decommissioned"}})j",
     model},
    {"the same without its code", 400,
     R"j({"error":{"message":"The model `mixtral-8x7b-32768` has been decommissioned and is no longer supported."}})j",
     model},
    {"OpenRouter", 400, R"j({"error":{"message":"foo/bar-1.5 is not a valid model ID","code":400}})j", model},
    {"OpenRouter routing: tools", 404,
     R"j({"error":{"message":"No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing","code":404}})j",
     model},
    {"DeepSeek", 400,
     R"j({"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}})j",
     model},
    {"Mistral", 400,
     R"j({"object":"error","message":"Invalid model: foo","type":"invalid_model","param":null,"code":"1500"})j", model},
    {"Z.AI error codes: 1211", 400,
     R"j({"error":{"code":"1211","message":"Unknown Model, please check the model code."}})j", model},
    {"OpenAI: project without access", 403,
     R"j({"error":{"message":"Project `proj_x` does not have access to model `gpt-4o`","type":"invalid_request_error","param":null,"code":"model_not_found"}})j",
     model},
    {"Nebius, by text alone", 403, R"j({"error":{"message":"You do not have access to the model gpt-4o"}})j", model},
    {"Azure OpenAI: deployment", 404,
     R"j({"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}})j",
     model},
    {"LM Studio", 400,
     R"j({"error":"No models loaded. Please load a model in the developer page or use the 'lms load' command."})j",
     model},
    {"Ollama: tools", 400,
     R"j({"error":{"message":"registry.ollama.ai/library/gemma3:latest does not support tools","type":"api_error","param":null,"code":null}})j",
     model},
    {"vLLM: tools", 400,
     R"j({"object":"error","message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","type":"BadRequestError","param":null,"code":400})j",
     model},
    {"vLLM: images", 400,
     R"j({"object":"error","message":"Qwen3-8B is not a multimodal model","type":"BadRequestError","param":null,"code":400})j",
     model},
    {"OpenAI: images", 400,
     R"j({"error":{"message":"Invalid content type. image_url is only supported by certain models.","type":"invalid_request_error","param":"messages.[0].content.[1].type","code":null}})j",
     model},
    {"php-mistral#76: tools that a model does not take", 422,
     R"j({"object":"Error","detail":[{"type":"extra_forbidden","loc":["body","tools"],"msg":"Extra inputs are not permitted","input":[]}],"type":"invalid_request_error","code":3001})j",
     model},
    {"vLLM, in a stream", 200,
     R"j({"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}})j",
     model},
    {"Anthropic, in a stream", 200,
     R"j({"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}})j", model},
};

constexpr Row parameter_rows[] = {
    {"OpenAI, fish2018/YPrompt#26", 400,
     R"j({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}})j",
     parameter, "max_tokens", "max_completion_tokens"},
    {"Copilot, caozhiyuan/copilot-api#164: by text alone", 400,
     R"j({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","code":"invalid_request_body"}})j",
     parameter, "max_tokens", "max_completion_tokens"},
    {"scenario: temperature", 400,
     R"j({"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.","type":"error","param":"temperature","code":"unsupported_parameter"}})j",
     parameter, "temperature"},
    {"OpenAI reasoning models: value", 400,
     R"j({"error":{"message":"Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}})j",
     parameter, "temperature"},
    {"hermes-agent#94976: contracted", 400,
     R"j({"error":{"message":"This model doesn’t support the temperature parameter."}})j", parameter, "temperature"},
    {"OpenAI: unknown", 400,
     R"j({"error":{"message":"Unknown parameter: 'enable_thinking'.","type":"invalid_request_error","param":"enable_thinking","code":"unknown_parameter"}})j",
     parameter, "enable_thinking"},
    {"OpenAI, old form", 400,
     R"j({"error":{"message":"Unrecognized request argument supplied: reasoning_effort","type":"invalid_request_error","param":null,"code":null}})j",
     parameter, "reasoning_effort"},
    {"Azure OpenAI, several", 400,
     R"j({"error":{"message":"Unrecognized request arguments supplied: parallel_tool_calls, store","type":"invalid_request_error","param":null,"code":null}})j",
     parameter, "parallel_tool_calls"},
    {"nested name", 400,
     R"j({"error":{"message":"Unsupported parameter: 'reasoning.effort' is not supported with this model.","type":"invalid_request_error","param":"reasoning.effort","code":"unsupported_parameter"}})j",
     parameter, "reasoning"},
    {"Gemini, OpenAI-compatible", 400,
     R"j([{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"parallel_tool_calls\": Cannot find field.","status":"INVALID_ARGUMENT"}}])j",
     parameter, "parallel_tool_calls"},
    {"Groq: property", 400,
     R"j({"error":{"message":"property 'logprobs' is unsupported","type":"invalid_request_error"}})j", parameter,
     "logprobs"},
    {"Groq: reasoning_effort", 400,
     R"j({"error":{"message":"`reasoning_effort` is not supported with this model","type":"invalid_request_error","param":"reasoning_effort"}})j",
     parameter, "reasoning_effort"},
    {"Mistral 422, platform-docs-public#7: JSON in a text", 422,
     R"j({"object":"error","message":"{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"frequency_penalty\"],\"msg\":\"Extra inputs are not permitted\",\"input\":0.0}]}","type":"internal_error_proxy","param":null,"code":"1000"})j",
     parameter, "frequency_penalty"},
    {"Mistral 422: list", 422,
     R"j({"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{"include_usage":true}}]})j",
     parameter, "stream_options"},
    {"Mistral 422: message.detail", 422,
     R"j({"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":800}]},"type":"invalid_request_error","param":null,"code":null})j",
     parameter, "max_completion_tokens"},
    {"vLLM, 1Panel-dev/MaxKB#2912", 400,
     R"j({"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 800}]","type":"BadRequestError","param":null,"code":400})j",
     parameter, "max_completion_tokens"},
    {"NVIDIA NIM, NVIDIA/garak#748", 422,
     R"j({"type":"urn:inference-service:problem-details:unprocessable-entity","title":"Unprocessable Entity","status":422,"detail":"body -> frequency_penalty\n  Extra inputs are not permitted (type=extra_forbidden)","requestId":"1"})j",
     parameter, "frequency_penalty"},
    {"BerriAI/litellm#13825: unknown member", 400,
     R"j({"error":{"message":"Additional properties are not allowed ('parallel_tool_calls' was unexpected)","type":"invalid_request_error"}})j",
     parameter, "parallel_tool_calls"},
    {"DeepSeek: structured output", 400,
     R"j({"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error","param":null,"code":"invalid_request_error"}})j",
     parameter, "response_format"},
    {"scenario: structured output", 422,
     R"j({"error":{"message":"response_format type json_schema is not supported by this server","type":"error","param":null,"code":null}})j",
     parameter, "response_format"},
    {"vLLM: grammar engine", 400,
     R"j({"object":"error","message":"Failed to compile: xgrammar does not know this keyword","type":"BadRequestError","code":400})j",
     parameter, "response_format"},
    {"Gemini: with functions", 400,
     R"j({"error":{"code":400,"message":"Function calling with a response mime type: 'application/json' is unsupported","status":"INVALID_ARGUMENT"}})j",
     parameter, "response_format"},
    {"Moonshot: temperature", 400,
     R"j({"error":{"message":"invalid temperature: only 1 is allowed for this model","type":"invalid_request_error"}})j",
     parameter, "temperature"},
    {"Anthropic: two sampling parameters", 400,
     R"j({"type":"error","error":{"type":"invalid_request_error","message":"`temperature` and `top_p` cannot both be specified for this model. Please use only one."}})j",
     parameter, "temperature"},
    {"Anthropic: thinking", 400,
     R"j({"type":"error","error":{"type":"invalid_request_error","message":"`temperature` may only be set to 1 when thinking is enabled."}})j",
     parameter, "temperature"},
    {"OpenAI: depends on another", 400,
     R"j({"error":{"message":"The 'stream_options' parameter is only allowed when 'stream' is enabled.","type":"invalid_request_error","param":"stream_options","code":null}})j",
     parameter, "stream_options"},
    {"OpenRouter: effort is not free to choose", 400,
     R"j({"error":{"message":"Reasoning is mandatory for this endpoint and cannot be disabled.","code":400}})j",
     parameter, "reasoning"},
    {"xAI: reasoning effort", 400,
     R"j({"code":"Client specified an invalid argument","error":"Model grok-4 does not support parameter reasoningEffort."})j",
     bad},
    {"hermes-agent a.7: reasoning control by name", 400,
     R"j({"error":{"message":"Invalid value for reasoning_effort: 'xhigh'. Input should be 'low', 'medium' or 'high'"}})j",
     parameter, "reasoning_effort"},
    {"hermes-agent a.10: Z.AI 1210", 400, R"j({"error":{"code":"1210","message":"API 调用参数有误，请检查文档。"}})j",
     parameter, "max_tokens"},
    {"in a stream", 200,
     R"j({"error":{"message":"Unsupported parameter: 'logit_bias'","code":"unsupported_parameter","param":"logit_bias"}})j",
     parameter, "logit_bias"},
    {"trap: within messages, charmbracelet/crush#1590", 422,
     R"j({"detail":[{"type":"extra_forbidden","loc":["body","messages",31,"assistant","reasoning_content"],"msg":"Extra inputs are not permitted","input":"x"}]})j",
     bad},
    {"trap: within messages, claude-code#4378", 400,
     R"j({"error":{"message":"messages.65.content.1.tool_use.cache_control: Extra inputs are not permitted"}})j", bad},
    {"trap: Groq, within messages", 400,
     R"j({"error":{"message":"'messages.0' : for 'role:user' the following must be satisfied[('messages.0.content.0' : property 'cache_control' is unsupported)]"}})j",
     bad},
    {"trap: a role is within messages", 400,
     R"j({"error":{"message":"Unsupported value: 'messages[0].role' does not support 'developer' with this model.","type":"invalid_request_error","param":"messages[0].role","code":"unsupported_value"}})j",
     bad},
    {"trap: Google, within another", 400,
     R"j({"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed\" at 'generation_config': Cannot find field."}})j",
     bad},
    {"trap: what is indispensable is not dropped", 400,
     R"j({"error":{"message":"Unsupported parameter: 'messages'","param":"messages","code":"unsupported_parameter"}})j",
     bad},
    {"trap: the user's schema is at fault", 400,
     R"j({"error":{"message":"Invalid schema for response_format 'a': In context=(), 'additionalProperties' is required to be supplied and to be false.","type":"invalid_request_error","param":"response_format","code":null}})j",
     bad},
    {"trap: out of range is not refused", 400,
     R"j({"error":{"message":"Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.","type":"invalid_request_error","param":"temperature","code":"decimal_above_max_value"}})j",
     bad},
};

constexpr Row request_rows[] = {
    {"OpenAI error codes: context", 400,
     R"j({"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 10000 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}})j",
     context},
    {"the text alone", 400, R"j({"error":{"message":"This model's maximum context length is 8000 tokens."}})j",
     context},
    {"vLLM: cap and prompt", 400,
     R"j({"object":"error","message":"'max_tokens' or 'max_completion_tokens' is too large: 100000. This model's maximum context length is 32768 tokens and your request has 20 input tokens (100000 > 32768 - 20).","type":"BadRequestError","param":null,"code":400})j",
     context},
    {"OpenRouter", 400,
     R"j({"error":{"message":"This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens (30000 of text input, 8000 of tool input, 2000 in the output). Please reduce the length of either one, or use the \"middle-out\" transform to compress your prompt automatically.","code":400}})j",
     context},
    {"Anthropic errors: prompt", 400,
     R"j({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}})j",
     context},
    {"Anthropic errors: with cap", 400,
     R"j({"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again"}})j",
     context},
    {"Gemini", 400,
     R"j({"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).","status":"INVALID_ARGUMENT"}})j",
     context},
    {"llama.cpp#15780", 400,
     R"j({"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"exceed_context_size_error","n_prompt_tokens":14429,"n_ctx":8192}})j",
     context},
    {"oobabooga/textgen#7257: llama.cpp with a 200", 200,
     R"j({"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"exceed_context_size_error"}})j",
     context},
    {"LM Studio", 400,
     R"j({"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."})j",
     context},
    {"xAI", 400,
     R"j({"code":"Client specified an invalid argument","error":"This model's maximum prompt length is 131072 but the request contains 537812 tokens."})j",
     context},
    {"Copilot", 400,
     R"j({"error":{"message":"prompt token count of 130000 exceeds the limit of 128000","code":"model_max_prompt_tokens_exceeded"}})j",
     context},
    {"Z.AI error codes: 1261", 400, R"j({"error":{"code":"1261","message":"Prompt exceeds max length"}})j", context},
    {"DashScope", 400,
     R"j({"error":{"code":"invalid_parameter_error","message":"Range of input length should be [1, 30720]","type":"invalid_request_error"}})j",
     context},
    {"Bedrock", 400, R"j({"message":"Input is too long for requested model."})j", context},
    {"in a stream", 200,
     R"j({"error":{"message":"maximum context length is 4096","type":"invalid_request_error","code":"context_length_exceeded"}})j",
     context},
    {"OpenAI error codes: policy", 400,
     R"j({"error":{"message":"Your request was rejected as a result of our safety system.","type":"invalid_request_error","param":null,"code":"content_policy_violation"}})j",
     content},
    {"OpenAI: reasoning models", 400,
     R"j({"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy.","type":"invalid_request_error","param":null,"code":"invalid_prompt"}})j",
     content},
    {"Azure OpenAI content filter", 400,
     R"j({"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400}})j",
     content},
    {"DeepSeek", 400,
     R"j({"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}})j",
     content},
    {"DashScope", 400,
     R"j({"error":{"code":"data_inspection_failed","message":"Input data may contain inappropriate content.","type":"data_inspection_failed"}})j",
     content},
    {"Z.AI error codes: 1301", 400,
     R"j({"error":{"code":"1301","message":"System detected potentially unsafe or sensitive content in input or generation."}})j",
     content},
    {"scenario: plain", 400,
     R"j({"error":{"message":"Invalid type for 'messages': expected an array of objects.","type":"invalid_request_error","param":"messages","code":"invalid_type"}})j",
     bad},
    {"DeepSeek error codes: 422", 422,
     R"j({"error":{"message":"Failed to deserialize the JSON body into the target type: messages[0]: missing field `content` at line 1 column 50","type":"invalid_request_error","param":null,"code":"invalid_request_error"}})j",
     bad},
    {"FastAPI: missing", 422,
     R"j({"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required","input":{}}]})j", bad},
    {"plain text", 400, "Bad Request", bad},
    {"empty", 400, "", bad},
    {"Anthropic, in a stream", 200,
     R"j({"type":"error","error":{"type":"invalid_request_error","message":"tool_use ids were found without tool_result blocks"}})j",
     bad},
    {"Anthropic, in a stream", 200, R"j({"type":"error","error":{"type":"permission_error","message":"x"}})j",
     permission},
    {"Anthropic, in a stream", 200, R"j({"type":"error","error":{"type":"request_too_large","message":"x"}})j",
     too_large},
};

// clang-format on

TEST_F(Words, BadCredentialsAndMissingRightsAreToldApart) {
  for (const auto& row : access_rows) check(row);
}
TEST_F(Words, MoneyAndLongWindowsAreQuotaAndTheRestOfA429IsARate) {
  for (const auto& row : capacity_rows) check(row);
}
TEST_F(Words, ServersInTroubleAndOtherStatuses) {
  for (const auto& row : server_rows) check(row);
}
TEST_F(Words, ModelsThatAreNotToBeHad) {
  for (const auto& row : model_rows) check(row);
}
TEST_F(Words, RefusedParametersAndTheirNewNames) {
  for (const auto& row : parameter_rows) check(row);
}
TEST_F(Words, TheRequestsOwnFaults) {
  for (const auto& row : request_rows) check(row);
}

std::string error_with(std::string_view text) {
  return R"j({"error":{"message":"Sorry: )j" + std::string(text) + R"j("}})j";
}

// The phrase lists of hermes-agent (a.7.1), as they were in September 2026.
TEST_F(Words, PaymentPhrasesOfHermesAreQuota) {
  for (const auto* phrase : {"insufficient credits",
                             "insufficient_quota",
                             "insufficient balance",
                             "insufficient funds",
                             "credit balance",
                             "credits",
                             "credits exhausted",
                             "no usable credits",
                             "top up your credits",
                             "can only afford",
                             "billing",
                             "billing hard limit",
                             "payment required",
                             "exceeded your current quota",
                             "account is deactivated",
                             "plan does not include",
                             "out of funds",
                             "run out of funds",
                             "balance_depleted",
                             "model_not_supported_on_free_tier",
                             "isn't available on the free tier",
                             "not available on the free tier",
                             "key limit exceeded",
                             "budget limit",
                             "requires a subscription",
                             "upgrade for access",
                             "upgrade for higher limits",
                             "reached your session usage limit",
                             "quota exceeded",
                             "quota_exceeded",
                             "too many tokens per day",
                             "tokens per day",
                             "daily limit",
                             "daily quota",
                             "weekly usage limit",
                             "weekly limit"}) {
    for (const int status : {400, 402, 403, 404, 429, 200})
      EXPECT_EQ(classified(status, error_with(phrase)).reason, quota) << status << " " << phrase;
    EXPECT_EQ(classified(401, error_with(phrase)).reason, auth) << phrase;
    EXPECT_EQ(classified(503, error_with(phrase)).reason, overload) << phrase;
  }
}

// Where we differ: Google says this of every limit, of a minute above all; it is a quota only where the text says so.
TEST_F(Words, AnExhaustedResourceIsARateUnlessItSpeaksOfQuota) {
  for (const auto* phrase : {"resource exhausted", "resource_exhausted", "resource-exhausted", "resourceexhausted"}) {
    EXPECT_EQ(classified(429, error_with(phrase)).reason, rate) << phrase;
    EXPECT_EQ(classified(200, error_with(phrase)).reason, rate) << phrase;
    EXPECT_EQ(classified(429, error_with(std::string(phrase) + ": daily quota")).reason, quota) << phrase;
  }
}

TEST_F(Words, RatePhrasesOfHermesAreARate) {
  for (const auto* phrase :
       {"rate limit", "rate_limit", "too many requests", "try again in 5s", "retry after 5s", "resets in 5s"}) {
    EXPECT_EQ(classified(429, error_with(phrase)).reason, rate) << phrase;
    EXPECT_EQ(classified(200, error_with(phrase)).reason, rate) << phrase;
  }
  EXPECT_EQ(classified(429, error_with("try again")).reason, rate);
}

TEST_F(Words, GatingAndNotFoundPhrasesOfHermesAreTheModel) {
  for (const auto* phrase :
       {"gpt-5 is not supported when using this plan", "model is not supported", "not supported with this",
        "not supported for this account", "model_not_supported", "does not support this model", "unsupported model",
        "model does not exist", "does not exist in our configuration", "openrouter catalog", "x is not a valid model",
        "no such model", "model not found", "the model `x` does not exist", "model_not_found", "unknown model"}) {
    for (const int status : {400, 404, 422, 200})
      EXPECT_EQ(classified(status, error_with(phrase)).reason, model) << status << " " << phrase;
  }
}

TEST_F(Words, TransportPhrasesOfHermesToldByARelayAreTheServer) {
  for (const auto* phrase :
       {"connection refused", "name or service not known", "no route to host", "network is unreachable",
        "connection reset", "incomplete chunked read", "peer closed connection", "response ended prematurely",
        "unexpected eof", "remoteprotocolerror", "localprotocolerror"}) {
    EXPECT_EQ(classified(200, error_with(phrase)).reason, server) << phrase;
  }
  EXPECT_EQ(classified(200, error_with("timed out")).reason, timeout);
  for (const auto* phrase : {"overloaded", "at capacity", "over capacity", "server overloaded", "service overloaded",
                             "upstream overloaded"}) {
    EXPECT_EQ(classified(200, error_with(phrase)).reason, overload) << phrase;
  }
}

TEST_F(Words, UnsupportedMarkersOfHermesNeedAParameter) {
  for (const auto* marker :
       {"unsupported parameter", "unsupported_parameter", "not supported", "does not support", "doesn't support",
        "unknown parameter", "unrecognized request argument", "unrecognized parameter", "invalid parameter"}) {
    const auto named = classified(400, error_with(std::string(marker) + ": top_p"));
    EXPECT_EQ(named.reason, parameter) << marker;
    EXPECT_EQ(named.parameter, "top_p") << marker;
    EXPECT_EQ(classified(400, error_with(marker)).reason, bad) << marker;
  }
}

TEST_F(Words, StructuredOutputRejectionsOfHermes) {
  for (const auto* text :
       {"guided_grammar failed", "xgrammar failed", "compile_grammar_error", "extra inputs: response_format",
        "response_format is unavailable", "response_format of type json_schema", "bad response mime type",
        "response_schema is wrong", "response_json_schema is wrong"}) {
    EXPECT_EQ(classified(400, error_with(text)).parameter, "response_format") << text;
  }
  EXPECT_EQ(classified(400, error_with("extra inputs: output_config")).parameter, "output_config");
}

TEST_F(Words, AnAffordableSizeIsReadAndOnlyOfAQuota) {
  const auto seen = classified(402, error_with("This request requires more credits, or fewer max_tokens. You requested "
                                               "up to 65536 tokens, but can only afford 7117."));
  EXPECT_EQ(seen.reason, quota);
  EXPECT_EQ(seen.affordable_tokens, 7117);
  EXPECT_EQ(classified(402, error_with("can only afford 12,345 tokens")).affordable_tokens, 12345);
  EXPECT_EQ(classified(402, error_with("can only afford less")).affordable_tokens, -1);
  EXPECT_EQ(classified(500, error_with("can only afford 7117")).affordable_tokens, -1);
}

TEST_F(Words, NewNamesAreReadInEveryPhrase) {
  const auto rename_of = [](std::string_view hint) {
    return classified(400, error_with("Unsupported parameter: 'max_tokens'. " + std::string(hint))).rename;
  };
  EXPECT_EQ(rename_of("Use 'max_completion_tokens' instead."), "max_completion_tokens");
  EXPECT_EQ(rename_of("Please use the `max_completion_tokens` parameter."), "max_completion_tokens");
  EXPECT_EQ(rename_of("Use the parameter max_output_tokens."), "max_output_tokens");
  EXPECT_EQ(rename_of("It was renamed to max_output_tokens."), "max_output_tokens");
  EXPECT_EQ(rename_of("Deprecated in favor of 'max_completion_tokens'."), "max_completion_tokens");
  EXPECT_EQ(rename_of("Did you mean 'max_completion_tokens'?"), "max_completion_tokens");
  EXPECT_EQ(rename_of("Use another model instead."), "");
  EXPECT_EQ(rename_of("Because of max_tokens use less."), "");
}

struct Retry {
  std::string_view source;
  std::string_view body;
  std::int64_t after_ms, reset_ms;
};

TEST_F(Words, RetryHintsOfBodies) {
  const Retry rows[] = {
      {"OpenAI", R"j({"error":{"message":"Please try again in 644ms."}})j", 644, -1},
      {"OpenAI", R"j({"error":{"message":"Please try again in 1.5s. Visit x"}})j", 1500, -1},
      {"OpenAI", R"j({"error":{"message":"Please try again in 6m0s."}})j", 360'000, -1},
      {"Groq", R"j({"error":{"message":"Please try again in 9m38.016s."}})j", 578'016, -1},
      {"Groq", R"j({"error":{"message":"Please try again in 1.984999999s."}})j", 1985, -1},
      {"Azure", R"j({"error":{"message":"Please retry after 23 seconds."}})j", 23'000, -1},
      {"a bare number is seconds", R"j({"error":{"message":"retry after 7"}})j", 7000, -1},
      {"Gemini: the text is more exact",
       R"j([{"error":{"message":"Please retry in 36.429760048s.","details":[{"retryDelay":"36s"}]}}])j", 36'430, -1},
      {"Gemini",
       R"j([{"error":{"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}])j",
       30'000, -1},
      {"Gemini Code Assist",
       R"j({"error":{"message":"x","details":[{"metadata":{"quotaResetDelay":"539.477544ms","quotaResetTimeStamp":"2026-01-01T00:00:00Z"}}]}})j",
       540, 1'767'225'600'000},
      {"within a text",
       R"j({"error":{"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"x\",\"details\":[{\"retryDelay\": \"12s\"}]}}"}}})j",
       12'000, -1},
      {"hermes-agent a.5", R"j({"error":{"message":"Usage limit reached, resets in 3hr 20min"}})j", 12'000'000, -1},
      {"words", R"j({"error":{"message":"Try again in about 2 hours and 5 minutes."}})j", 7'500'000, -1},
      {"days", R"j({"error":{"message":"Your quota resets in 1 day, 2h"}})j", 93'600'000, -1},
      {"Codex", R"j({"error":{"message":"x","resets_at":1767225600,"resets_in_seconds":12780}})j", 12'780'000,
       1'767'225'600'000},
      {"hermes-agent#103349: milliseconds", R"j({"error":{"message":"x","reset_at":1767225600000}})j", -1,
       1'767'225'600'000},
      {"ISO", R"j({"error":{"message":"x","resets_at":"2026-01-01T01:00:00.250+01:00"}})j", -1, 1'767'225'600'250},
      {"OpenRouter", R"j({"error":{"message":"x","metadata":{"headers":{"X-RateLimit-Reset":"1741305600000"}}}})j", -1,
       1'741'305'600'000},
      {"in the text", R"j({"error":{"message":"Limit reached. It resets at 2026-01-01T00:00:00Z."}})j", -1,
       1'767'225'600'000},
      {"members", R"j({"error":{"message":"x","retry_after":2.5}})j", 2500, -1},
      {"milliseconds are more exact", R"j({"error":{"message":"try again in 2s","retry_after_ms":1800}})j", 1800, -1},
      {"a moment without zone is none", R"j({"error":{"message":"Your limit will reset at 2026-03-13 15:52:56"}})j", -1,
       -1},
      {"a small number is no moment", R"j({"error":{"message":"x","resets_at":3600}})j", -1, -1},
      {"negative", R"j({"error":{"message":"x","retry_after":-5}})j", -1, -1},
      {"absurd", R"j({"error":{"message":"try again in 99999999999999h"}})j", -1, -1},
      {"nothing after it", R"j({"error":{"message":"try again in a while"}})j", -1, -1},
      {"nothing", R"j({"error":{"message":"Too many requests"}})j", -1, -1},
  };
  for (const auto& row : rows) {
    const auto seen = classified(429, row.body);
    EXPECT_EQ(seen.retry_after_ms, row.after_ms) << row.source << ": " << row.body;
    EXPECT_EQ(seen.reset_unix_ms, row.reset_ms) << row.source << ": " << row.body;
  }
}

TEST_F(Words, WhatIsNoErrorIsLeftToTheHost) {
  EXPECT_EQ(classified(302, "").reason, unknown);
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = BELAY_FAILURE_INVALID;
  failure.status = 200;
  failure.body = belay::sdk::bytes(R"j({"error":{"code":401}})j");
  EXPECT_EQ(belay::sdk::classify_by_words(belay::sdk::Failure(&failure)).reason, unknown);
}

// Whatever a server writes, reading it ends soon and breaks nothing.
TEST_F(Words, HostileBodiesAreRead) {
  const std::string deep(20'000, '['), bars(60'000, '"'), leads = [] {
    std::string out;
    while (out.size() < 60'000) out += "model try again in unsupported parameter use ";
    return out;
  }();
  for (const auto& body :
       {deep, bars, leads, std::string("\0\xFF\xC3", 3), R"j({"error":)j" + deep, error_with(leads)}) {
    for (const int status : {200, 400, 403, 429, 500}) EXPECT_LE(classified(status, body).message.size(), 2048u);
  }
}

}  // namespace
