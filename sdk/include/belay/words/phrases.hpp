// SPDX-License-Identifier: 0BSD
//
// The words by which servers say what is wrong, in lower case: codes (compared whole, with `code` and with `type`) and
// phrases (looked for in the text). Where each was seen stands in the table of tests/unit/sdk/words_test.cpp.
#pragma once

#include <array>
#include <string_view>

namespace belay::words::detail {

// clang-format off: lists to be read

// The credential is bad.
inline constexpr std::array auth_codes = std::to_array<std::string_view>({"invalid_api_key",
                                                                          "authentication_error",
                                                                          "invalid_authentication",
                                                                          "invalid_authentication_error",
                                                                          "unauthenticated",
                                                                          "bad-credentials",
                                                                          "bad_credentials",
                                                                          "invalid_token",
                                                                          "token_expired",
                                                                          "token_revoked",
                                                                          "token_invalidated",
                                                                          "expired_token",
                                                                          "api_key_invalid",
                                                                          "api_key_expired",
                                                                          "invalid_grant",
                                                                          "unauthorized_client",
                                                                          "refresh_token_reused",
                                                                          "account_deactivated",
                                                                          "expiredtokenexception",
                                                                          "unrecognizedclientexception",
                                                                          "invalidclienttokenid",
                                                                          "invalidapikey",
                                                                          "invalid_access_token",
                                                                          "missing_api_key",
                                                                          "authentication_required",
                                                                          "auth_error",
                                                                          "authenticationerror",
                                                                          "invalid_iam_token",
                                                                          "incorrect_api_key",
                                                                          "invalid_credentials",
                                                                          "unauthorized"});
inline constexpr std::array auth_phrases =
    std::to_array<std::string_view>({"incorrect api key",
                                     "invalid api key",
                                     "invalid api-key",
                                     "invalid api_key",
                                     "invalid apikey",
                                     "invalid x-api-key",
                                     "invalid_api_key",
                                     "api key not valid",
                                     "api key is not valid",
                                     "api key expired",
                                     "api key has expired",
                                     "api key is expired",
                                     "api key is invalid",
                                     "api key invalid",
                                     "api key provided is invalid",
                                     "api key was not found",
                                     "api key not found",
                                     "api key is currently blocked",
                                     "api key is disabled",
                                     "api key is not active",
                                     "api key has been disabled",
                                     "api key is deactivated",
                                     "api key has been revoked",
                                     "api key was revoked",
                                     "api key revoked",
                                     "invalid authentication",
                                     "bad-credentials",
                                     "bad credentials",
                                     "token expired",
                                     "token has expired",
                                     "token is expired",
                                     "expired token",
                                     "token has been revoked",
                                     "token was revoked",
                                     "token revoked",
                                     "access token could not be validated",
                                     "invalid access token",
                                     "invalid bearer",
                                     "invalid oauth",
                                     "invalid auth",
                                     "could not validate credentials",
                                     "invalid credentials",
                                     "invalid subscription key",
                                     "unauthenticated",
                                     "missing api key",
                                     "no api key provided",
                                     "didn't provide an api key",
                                     "api key is missing",
                                     "api key required",
                                     "no auth credentials",
                                     "no cookie auth credentials",
                                     "authentication failed",
                                     "authentication error",
                                     "authenticationerror",
                                     "error code: 401",
                                     "security token included in the request is"});
/// Said of JSON and of words of a model too: only where the status says that this is about access.
inline constexpr std::array auth_phrases_of_access = std::to_array<std::string_view>({"invalid key",
                                                                                      "key is invalid",
                                                                                      "key invalid",
                                                                                      "key is not valid",
                                                                                      "key expired",
                                                                                      "key has expired",
                                                                                      "key is expired",
                                                                                      "key revoked",
                                                                                      "key has been revoked",
                                                                                      "key is disabled",
                                                                                      "key has been disabled",
                                                                                      "key is blocked",
                                                                                      "invalid token",
                                                                                      "token is invalid",
                                                                                      "token invalid",
                                                                                      "token is not valid",
                                                                                      "not authenticated",
                                                                                      "authentication required",
                                                                                      "authentication is required",
                                                                                      "invalid jwt",
                                                                                      "jwt expired",
                                                                                      "invalid_token",
                                                                                      "incorrect key"});

// Money or a long window is used up.
inline constexpr std::array quota_codes = std::to_array<std::string_view>({"insufficient_quota",
                                                                           "insufficient_credits",
                                                                           "insufficient_credit",
                                                                           "insufficient_balance",
                                                                           "insufficient_funds",
                                                                           "insufficientquota",
                                                                           "insufficientbalance",
                                                                           "billing_hard_limit_reached",
                                                                           "billing_not_active",
                                                                           "billing_error",
                                                                           "quota_exceeded",
                                                                           "quotaexceeded",
                                                                           "quota_exhausted",
                                                                           "credits_exhausted",
                                                                           "credits_required",
                                                                           "balance_depleted",
                                                                           "not_enough_balance",
                                                                           "billing_balance_not_enough",
                                                                           "payment_required",
                                                                           "payment_required_error",
                                                                           "spend_limit_exceeded",
                                                                           "spending_limit_exceeded",
                                                                           "budget_exceeded",
                                                                           "usage_limit_reached",
                                                                           "usage_limit_exceeded",
                                                                           "usage_not_included",
                                                                           "exceeded_current_quota_error",
                                                                           "model_not_supported_on_free_tier",
                                                                           "out_of_credits",
                                                                           "accountoverdueerror",
                                                                           "arrearage",
                                                                           "key_limit_exceeded",
                                                                           "daily_limit_exceeded",
                                                                           "weekly_limit_reached",
                                                                           "allocationquota.freetieronly"});
inline constexpr std::array quota_words =
    std::to_array<std::string_view>({"credits", "billing", "prepaid", "recharge", "arrears"});
inline constexpr std::array quota_phrases = std::to_array<std::string_view>({"insufficient credit",
                                                                             "insufficient_quota",
                                                                             "insufficient quota",
                                                                             "insufficient balance",
                                                                             "insufficient account balance",
                                                                             "balance is insufficient",
                                                                             "balance is not enough",
                                                                             "insufficient funds",
                                                                             "credit balance",
                                                                             "can only afford",
                                                                             "payment required",
                                                                             "account is deactivated",
                                                                             "account is suspended",
                                                                             "account balance",
                                                                             "plan does not include",
                                                                             "out of funds",
                                                                             "out of credit",
                                                                             "balance_depleted",
                                                                             "model_not_supported_on_free_tier",
                                                                             "available on the free tier",
                                                                             "available on free tier",
                                                                             "key limit exceeded",
                                                                             "budget limit",
                                                                             "budget has been exceeded",
                                                                             "spend limit",
                                                                             "spending limit",
                                                                             "requires a subscription",
                                                                             "upgrade for access",
                                                                             "upgrade for higher limits",
                                                                             "usage limit",
                                                                             "tokens per day",
                                                                             "requests per day",
                                                                             "(tpd)",
                                                                             "(rpd)",
                                                                             "per-day",
                                                                             "per day",
                                                                             "per week",
                                                                             "per month",
                                                                             "free quota",
                                                                             "free allocation",
                                                                             "account is in good standing",
                                                                             "enough credit",
                                                                             "no credit",
                                                                             "credit limit",
                                                                             "spending cap",
                                                                             "max budget",
                                                                             "exceeded budget",
                                                                             "requests for today",
                                                                             "tokens for today",
                                                                             "this week's",
                                                                             "this month's"});
/// What becomes of a "quota".
inline constexpr std::array quota_verbs = std::to_array<std::string_view>(
    {"exceed", "exhaust", "reached", "used up", "deplet", "no remaining", "ran out", "run out", "insufficient"});
/// Quota words of services that also say them of a minute.
inline constexpr std::array weak_quota_phrases =
    std::to_array<std::string_view>({"exceeded your current quota", "current quota", "quota exceeded", "quota_exceeded",
                                     "exceeded your quota", "exceeded quota", "quota has been exhausted",
                                     "quota exhausted", "out of quota", "exhausted your capacity", "check quota"});
inline constexpr std::array long_windows = std::to_array<std::string_view>({"daily", "weekly", "monthly"});
inline constexpr std::array window_nouns = std::to_array<std::string_view>(
    {"limit", "quota", "usage", "cap", "allowance", "allocation", "requests", "tokens", "budget"});
inline constexpr std::array short_windows =
    std::to_array<std::string_view>({"per minute", "per min", "per-minute", "per-min", "perminute", "per second",
                                     "persecond", "/min", "(rpm)", "(tpm)"});
/// What sounds like money and is not.
inline constexpr std::array harmless_phrases = std::to_array<std::string_view>(
    {"no credits were charged", "credits were not charged", "will not be billed", "not be charged credits"});

// Too much at once, or a server in trouble.
inline constexpr std::array rate_codes = std::to_array<std::string_view>(
    {"rate_limit_exceeded", "rate_limit_error", "rate_limit_reached", "rate_limited", "rate_limit", "ratelimiterror",
     "ratelimitreached", "too_many_requests", "toomanyrequests", "resource_exhausted", "throttlingexception",
     "throttling", "throttling.ratequota", "throttled", "limit_requests", "requests_limit_exceeded"});
inline constexpr std::array rate_phrases = std::to_array<std::string_view>(
    {"rate limit", "rate_limit", "rate-limit", "ratelimit", "too many requests", "too_many_requests", "throttl",
     "resource exhausted", "resource_exhausted", "resource-exhausted", "resourceexhausted",
     "resource has been exhausted", "tokens per min", "requests per min", "retry after", "resets in", "try again in "});
inline constexpr std::array overload_codes = std::to_array<std::string_view>(
    {"overloaded", "overloaded_error", "engine_overloaded", "engine_overloaded_error", "server_overloaded",
     "service_unavailable", "serviceunavailable", "serviceunavailableerror", "unavailable", "at_capacity",
     "capacity_exceeded", "server_is_overloaded", "modelnotreadyexception"});
inline constexpr std::array overload_phrases =
    std::to_array<std::string_view>({"overloaded", "at capacity", "over capacity", "no capacity", "service_unavailable",
                                     "temporarily unavailable", "upstream connect error",
                                     "service unavailable", "high demand", "server is busy", "currently busy"});
inline constexpr std::array server_codes =
    std::to_array<std::string_view>({"server_error", "internal_error", "internal_server_error", "internalservererror",
                                     "internal", "api_error", "upstream_error", "bad_gateway", "apiconnectionerror",
                                     "internal_failure", "internalfailure", "provider_error", "upstream_unavailable"});
inline constexpr std::array server_phrases =
    std::to_array<std::string_view>({"internal server error",   "internal_server_error",
                                     "internalservererror",     "server_error",
                                     "internal error",          "bad gateway",
                                     "server had an error",     "upstream error",
                                     "upstream_error",          "connection reset",
                                     "connection refused",      "peer closed connection",
                                     "incomplete chunked read", "response ended prematurely",
                                     "unexpected eof",          "remoteprotocolerror",
                                     "localprotocolerror",      "name or service not known",
                                     "no route to host",        "network is unreachable",
                                     "connection error",        "disconnected",
                                     "unexpectedly stopped"});
inline constexpr std::array timeout_codes = std::to_array<std::string_view>(
    {"timeout", "timeout_error", "request_timeout", "deadline_exceeded", "apitimeouterror", "timeouterror"});
inline constexpr std::array timeout_phrases =
    std::to_array<std::string_view>({"timed out", "timed_out", "timeout", "deadline exceeded", "deadline_exceeded"});

// The model is not to be had.
inline constexpr std::array model_codes =
    std::to_array<std::string_view>({"model_not_found",      "model_not_supported", "model_not_available",
                                     "model_unavailable",    "unsupported_model",   "unknown_model",
                                     "invalid_model",        "invalid_model_error", "model_deprecated",
                                     "model_decommissioned", "model_access_denied", "model_not_allowed",
                                     "model_not_enabled",    "deploymentnotfound",  "resourcenotfoundexception",
                                     "modelnotfound",        "modelnotopen",        "model_terms_required",
                                     "not_found_error",      "notfounderror",       "unsupported_api_for_model"});
inline constexpr std::array model_phrases = std::to_array<std::string_view>({"model is not supported",
                                                                             "is not supported when using",
                                                                             "not supported for this account",
                                                                             "does not support this model",
                                                                             "doesn't support this model",
                                                                             "unsupported model",
                                                                             "model does not exist",
                                                                             "does not exist in our configuration",
                                                                             "openrouter catalog",
                                                                             "is not a valid model",
                                                                             "no such model",
                                                                             "model not found",
                                                                             "model_not_found",
                                                                             "model_not_supported",
                                                                             "unknown model",
                                                                             "invalid model",
                                                                             "model is no longer",
                                                                             "access to model",
                                                                             "access to the model",
                                                                             "access to this model",
                                                                             "no endpoints found",
                                                                             "no endpoints available",
                                                                             "no allowed providers",
                                                                             "model is not loaded",
                                                                             "model is not available",
                                                                             "requested model is not",
                                                                             "requested model does not",
                                                                             "no models loaded",
                                                                             "is not a chat model",
                                                                             "model_decommissioned",
                                                                             "no available channel"});
/// Said of a parameter too.
inline constexpr std::array weak_model_phrases = std::to_array<std::string_view>({"not supported with this"});
/// Said behind "model" in the same sentence.
inline constexpr std::array gone_phrases = std::to_array<std::string_view>({"not exist",
                                                                            "doesn't exist",
                                                                            "not found",
                                                                            "is not available",
                                                                            "isn't available",
                                                                            "is unavailable",
                                                                            "has been decommissioned",
                                                                            "has been deprecated",
                                                                            "has been retired",
                                                                            "has been removed",
                                                                            "is deprecated",
                                                                            "is no longer",
                                                                            "is not supported",
                                                                            "isn't supported",
                                                                            "is not accessible",
                                                                            "is not enabled",
                                                                            "is not active",
                                                                            "is not loaded",
                                                                            "is unknown",
                                                                            "is not allowed",
                                                                            "not deployed"});
/// The model lacks what the request needs; without it there would be another answer.
inline constexpr std::array incapable_phrases = std::to_array<std::string_view>({"does not support tools",
                                                                                 "doesn't support tools",
                                                                                 "not support tool",
                                                                                 "tool use is not supported",
                                                                                 "tool calling is not supported",
                                                                                 "tools are not supported",
                                                                                 "function calling is not",
                                                                                 "does not support function",
                                                                                 "does not support image",
                                                                                 "doesn't support image",
                                                                                 "not support image",
                                                                                 "image input is not supported",
                                                                                 "images are not supported",
                                                                                 "does not support vision",
                                                                                 "not a multimodal model",
                                                                                 "not support multimodal",
                                                                                 "does not support audio",
                                                                                 "image_url is only supported",
                                                                                 "requires --enable-auto-tool-choice",
                                                                                 "does not support chat"});

// The request is at fault.
inline constexpr std::array context_codes = std::to_array<std::string_view>(
    {"context_length_exceeded", "context_window_exceeded", "contextwindowexceeded", "contextwindowexceedederror",
     "string_above_max_length", "prompt_too_long", "input_too_long", "model_max_prompt_tokens_exceeded",
     "exceed_context_size_error", "tokens_limit_reached", "1261"});
inline constexpr std::array context_phrases = std::to_array<std::string_view>({"context length",
                                                                               "context window",
                                                                               "context_length",
                                                                               "context size",
                                                                               "context limit",
                                                                               "prompt is too long",
                                                                               "prompt too long",
                                                                               "prompt exceeds max",
                                                                               "prompt token count",
                                                                               "maximum prompt length",
                                                                               "input is too long",
                                                                               "input too long",
                                                                               "input token count",
                                                                               "too many input tokens",
                                                                               "exceeds the context",
                                                                               "exceeds the maximum number of tokens",
                                                                               "reduce the length of",
                                                                               "range of input length",
                                                                               "maximum number of input tokens",
                                                                               "tokens, which exceeds the max"});
inline constexpr std::array content_codes = std::to_array<std::string_view>(
    {"content_policy_violation", "content_filter", "content_filtered", "content_policy", "contentfilter",
     "moderation_blocked", "moderation_error", "responsibleaipolicyviolation", "safety_violation",
     "data_inspection_failed", "datainspectionfailed", "sensitive_content", "sensitivecontentdetected",
     "invalid_prompt", "prohibited_content", "1301"});
inline constexpr std::array content_phrases = std::to_array<std::string_view>(
    {"content policy", "content management policy", "content filter", "safety system", "usage policies", "usage policy",
     "was flagged", "been flagged", "prompt was blocked", "requires moderation", "inappropriate content",
     "violates our", "sensitive content", "sensitive words", "content exists risk", "prohibited_content"});
inline constexpr std::array bad_request_codes = std::to_array<std::string_view>(
    {"invalid_request_error", "invalid_request", "bad_request", "badrequesterror", "bad_request_error",
     "invalid_argument", "validation_error", "unprocessable_entity"});
inline constexpr std::array permission_codes =
    std::to_array<std::string_view>({"permission_error", "permission_denied", "permissiondeniederror", "forbidden",
                                     "access_denied", "accessdeniedexception", "unsupported_country_region_territory"});
inline constexpr std::array too_large_codes =
    std::to_array<std::string_view>({"request_too_large", "payload_too_large", "request_entity_too_large"});

// clang-format on

}  // namespace belay::words::detail
