// SPDX-License-Identifier: 0BSD
//
// The plugin ABI as it stands in include/belay/*.h, where everything is described. Made by sdk/cmake/abi-layout from the headers.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

pub type belay_status = i32;

/// A handle, opaque.
#[repr(C)]
pub struct belay_ctx {
    _private: [u8; 0],
}

/// A handle, opaque.
#[repr(C)]
pub struct belay_cancel {
    _private: [u8; 0],
}

/// A handle, opaque.
#[repr(C)]
pub struct belay_instance {
    _private: [u8; 0],
}

/// A handle, opaque.
#[repr(C)]
pub struct belay_exchange {
    _private: [u8; 0],
}

/// A handle, opaque.
#[repr(C)]
pub struct belay_json_doc {
    _private: [u8; 0],
}

/// A handle, opaque.
#[repr(C)]
pub struct belay_json_writer {
    _private: [u8; 0],
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_str {
    pub ptr: *const c_char,
    pub len: u64,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_bytes {
    pub ptr: *const u8,
    pub len: u64,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_text {
    pub ptr: *mut c_char,
    pub cap: u32,
    pub len: u32,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_error {
    pub size: u32,
    pub code: i32,
    pub text: belay_text,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_field {
    pub name: belay_str,
    pub value: belay_str,
    pub flags: u32,
    pub reserved: u32,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_fields {
    pub at: *const belay_field,
    pub count: u32,
    pub stride: u32,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_field_sink {
    pub size: u32,
    pub flags: u32,
    pub host: *mut c_void,
    pub emit: Option<unsafe extern "C" fn(host: *mut c_void, name: belay_str, value: belay_str, flags: u32) -> belay_status>,
}

/// belay/types.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_byte_sink {
    pub size: u32,
    pub flags: u32,
    pub host: *mut c_void,
    pub emit: Option<unsafe extern "C" fn(host: *mut c_void, piece: belay_bytes) -> belay_status>,
}

/// belay/host.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_host {
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub flags: u32,
    pub name: belay_str,
    pub version: belay_str,
    pub log: Option<unsafe extern "C" fn(ctx: *mut belay_ctx, level: u32, message: belay_str)>,
    pub mono_ns: Option<unsafe extern "C" fn() -> i64>,
    pub unix_ms: Option<unsafe extern "C" fn() -> i64>,
    pub cancelled: Option<unsafe extern "C" fn(cancel: *const belay_cancel) -> i32>,
    pub cancel_fd: Option<unsafe extern "C" fn(cancel: *const belay_cancel) -> i32>,
    pub get_extension: Option<unsafe extern "C" fn(id: belay_str) -> *const c_void>,
}

/// belay/request.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_member {
    pub name: belay_str,
    pub value: belay_str,
}

/// belay/request.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_request {
    pub size: u32,
    pub flags: u32,
    pub operation: belay_str,
    pub wire: belay_str,
    pub canonical_version: u32,
    pub member_count: u32,
    pub members: *const belay_member,
    pub member_stride: u32,
    pub required_count: u32,
    pub required: *const belay_str,
    pub model: belay_str,
    pub body: belay_str,
    pub request_id: belay_str,
    pub deadline_ns: i64,
}

/// belay/request.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_credential {
    pub size: u32,
    pub flags: u32,
    pub id: belay_str,
    pub r#type: belay_str,
    pub generation: u64,
    pub expires_unix_ms: i64,
    pub fields: belay_fields,
}

/// belay/request.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_http_writer {
    pub size: u32,
    pub flags: u32,
    pub host: *mut c_void,
    pub line: Option<unsafe extern "C" fn(host: *mut c_void, method: belay_str, url: belay_str) -> belay_status>,
    pub header: Option<unsafe extern "C" fn(host: *mut c_void, name: belay_str, value: belay_str, flags: u32) -> belay_status>,
    pub body: Option<unsafe extern "C" fn(host: *mut c_void, piece: belay_bytes) -> belay_status>,
    pub body_as_given: Option<unsafe extern "C" fn(host: *mut c_void) -> belay_status>,
}

/// belay/request.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_head {
    pub size: u32,
    pub status: i32,
    pub headers: belay_fields,
}

/// belay/event.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_usage {
    pub size: u32,
    pub flags: u32,
    pub prompt: i64,
    pub completion: i64,
    pub cached: i64,
    pub cache_write: i64,
    pub reasoning: i64,
    pub audio: i64,
}

/// belay/event.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_event {
    pub size: u32,
    pub r#type: u32,
    pub flags: u32,
    pub index: u32,
    pub a: belay_str,
    pub b: belay_str,
    pub num: i64,
    pub usage: *const belay_usage,
    pub failure: *const belay_failure,
}

/// belay/event.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_sink {
    pub size: u32,
    pub flags: u32,
    pub host: *mut c_void,
    pub emit: Option<unsafe extern "C" fn(host: *mut c_void, event: *const belay_event) -> belay_status>,
}

/// belay/failure.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_failure {
    pub size: u32,
    pub kind: u32,
    pub status: i32,
    pub flags: u32,
    pub headers: belay_fields,
    pub body: belay_bytes,
    pub code: belay_str,
    pub r#type: belay_str,
    pub message: belay_str,
    pub parameter: belay_str,
}

/// belay/failure.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_classification {
    pub size: u32,
    pub reason: u32,
    pub scope: u32,
    pub flags: u32,
    pub retry_after_ms: i64,
    pub reset_unix_ms: i64,
    pub affordable_tokens: i64,
    pub message: belay_text,
    pub parameter: belay_text,
    pub rename: belay_text,
}

/// belay/refresh.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_refresh_in {
    pub size: u32,
    pub cause: u32,
    pub ctx: *mut belay_ctx,
    pub id: belay_str,
    pub r#type: belay_str,
    pub failed_generation: u64,
    pub fields: belay_fields,
    pub expires_unix_ms: i64,
    pub failure: *const belay_failure,
    pub deadline_ns: i64,
    pub cancel: *const belay_cancel,
    pub flags: u32,
    pub attempt: u32,
}

/// belay/refresh.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_refresh_out {
    pub size: u32,
    pub outcome: u32,
    pub flags: u32,
    pub reserved: u32,
    pub expires_unix_ms: i64,
    pub refresh_after_unix_ms: i64,
    pub retry_after_ms: i64,
}

/// belay/provider.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_model {
    pub id: belay_str,
    pub context: i64,
    pub max_output: i64,
    pub caps: u32,
    pub reserved: u32,
}

/// belay/provider.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_descriptor {
    pub size: u32,
    pub caps: u32,
    pub r#type: belay_str,
    pub name: belay_str,
    pub vendor: belay_str,
    pub version: belay_str,
    pub license: belay_str,
    pub homepage: belay_str,
    pub config_schema: belay_str,
    pub default_base_url: belay_str,
    pub operations: *const belay_str,
    pub wires: *const belay_str,
    pub credential_types: *const belay_str,
    pub operation_count: u32,
    pub wire_count: u32,
    pub credential_type_count: u32,
    pub model_count: u32,
    pub models: *const belay_model,
    pub model_stride: u32,
    pub reserved: u32,
}

/// belay/provider.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_config {
    pub size: u32,
    pub flags: u32,
    pub ctx: *mut belay_ctx,
    pub name: belay_str,
    pub base_url: belay_str,
    pub options: belay_str,
    pub model: belay_str,
}

/// belay/provider.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_provider_api {
    pub size: u32,
    pub flags: u32,
    pub create: Option<unsafe extern "C" fn(config: *const belay_config, out: *mut *mut belay_instance, error: *mut belay_error) -> belay_status>,
    pub destroy: Option<unsafe extern "C" fn(instance: *mut belay_instance)>,
    pub begin: Option<unsafe extern "C" fn(instance: *mut belay_instance, request: *const belay_request, credential: *const belay_credential, out: *mut *mut belay_exchange, error: *mut belay_error) -> belay_status>,
    pub build_request: Option<unsafe extern "C" fn(exchange: *mut belay_exchange, writer: *const belay_http_writer, error: *mut belay_error) -> belay_status>,
    pub on_response_head: Option<unsafe extern "C" fn(exchange: *mut belay_exchange, head: *const belay_head, sink: *const belay_sink, error: *mut belay_error) -> belay_status>,
    pub on_body_chunk: Option<unsafe extern "C" fn(exchange: *mut belay_exchange, piece: belay_bytes, sink: *const belay_sink, error: *mut belay_error) -> belay_status>,
    pub finish: Option<unsafe extern "C" fn(exchange: *mut belay_exchange, how: u32, sink: *const belay_sink, error: *mut belay_error) -> belay_status>,
    pub end: Option<unsafe extern "C" fn(exchange: *mut belay_exchange)>,
    pub classify_error: Option<unsafe extern "C" fn(instance: *mut belay_instance, failure: *const belay_failure, out: *mut belay_classification) -> belay_status>,
    pub refresh_credentials: Option<unsafe extern "C" fn(instance: *mut belay_instance, r#in: *const belay_refresh_in, out: *mut belay_refresh_out, sink: *const belay_field_sink, error: *mut belay_error) -> belay_status>,
    pub get_extension: Option<unsafe extern "C" fn(id: belay_str) -> *const c_void>,
}

/// belay/entry.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_hello {
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub flags: u32,
    pub host: *const belay_host,
}

/// belay/entry.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_plugin {
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub min_host_minor: u32,
    pub flags: u32,
    pub provider_count: u32,
    pub id: belay_str,
    pub version: belay_str,
    pub hash: belay_str,
    pub descriptor: Option<unsafe extern "C" fn(index: u32) -> *const belay_descriptor>,
    pub api: Option<unsafe extern "C" fn(index: u32) -> *const belay_provider_api>,
    pub shutdown: Option<unsafe extern "C" fn()>,
}

/// belay/ext/http.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_http_request {
    pub size: u32,
    pub flags: u32,
    pub method: belay_str,
    pub url: belay_str,
    pub headers: belay_fields,
    pub body: belay_bytes,
}

/// belay/ext/http.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_http_reply {
    pub size: u32,
    pub flags: u32,
    pub plugin: *mut c_void,
    pub head: Option<unsafe extern "C" fn(plugin: *mut c_void, status: i32, headers: belay_fields) -> belay_status>,
    pub body: Option<unsafe extern "C" fn(plugin: *mut c_void, piece: belay_bytes) -> belay_status>,
}

/// belay/ext/http.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_http {
    pub size: u32,
    pub flags: u32,
    pub perform: Option<unsafe extern "C" fn(ctx: *mut belay_ctx, request: *const belay_http_request, reply: *const belay_http_reply, error: *mut belay_error) -> belay_status>,
}

/// belay/ext/json.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_json_value {
    pub size: u32,
    pub r#type: u32,
    pub node: *const c_void,
    pub string: belay_str,
    pub integer: i64,
    pub number: f64,
}

/// belay/ext/json.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_json {
    pub size: u32,
    pub flags: u32,
    pub parse: Option<unsafe extern "C" fn(text: belay_str, error: *mut belay_error) -> *mut belay_json_doc>,
    pub release: Option<unsafe extern "C" fn(doc: *mut belay_json_doc)>,
    pub get: Option<unsafe extern "C" fn(doc: *const belay_json_doc, from: *const belay_json_value, pointer: belay_str, out: *mut belay_json_value)>,
    pub element: Option<unsafe extern "C" fn(doc: *const belay_json_doc, from: *const belay_json_value, index: u64, name: *mut belay_str, out: *mut belay_json_value)>,
    pub writer: Option<unsafe extern "C" fn() -> *mut belay_json_writer>,
    pub begin: Option<unsafe extern "C" fn(to: *mut belay_json_writer, r#type: u32)>,
    pub end: Option<unsafe extern "C" fn(to: *mut belay_json_writer)>,
    pub name: Option<unsafe extern "C" fn(to: *mut belay_json_writer, name: belay_str)>,
    pub string: Option<unsafe extern "C" fn(to: *mut belay_json_writer, value: belay_str)>,
    pub integer: Option<unsafe extern "C" fn(to: *mut belay_json_writer, value: i64)>,
    pub real: Option<unsafe extern "C" fn(to: *mut belay_json_writer, value: f64)>,
    pub boolean: Option<unsafe extern "C" fn(to: *mut belay_json_writer, value: i32)>,
    pub null: Option<unsafe extern "C" fn(to: *mut belay_json_writer)>,
    pub raw: Option<unsafe extern "C" fn(to: *mut belay_json_writer, json: belay_str)>,
    pub text: Option<unsafe extern "C" fn(to: *mut belay_json_writer, out: *mut belay_str) -> belay_status>,
    pub release_writer: Option<unsafe extern "C" fn(to: *mut belay_json_writer)>,
}

/// belay/ext/login.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_prompt {
    pub size: u32,
    pub flags: u32,
    pub host: *mut c_void,
    pub show: Option<unsafe extern "C" fn(host: *mut c_void, url: belay_str, code: belay_str, expires_unix_ms: i64) -> belay_status>,
}

/// belay/ext/login.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_login {
    pub size: u32,
    pub flags: u32,
    pub login: Option<unsafe extern "C" fn(instance: *mut belay_instance, r#in: *const belay_refresh_in, prompt: *const belay_prompt, out: *mut belay_refresh_out, sink: *const belay_field_sink, error: *mut belay_error) -> belay_status>,
}

/// belay/ext/random.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_random {
    pub size: u32,
    pub flags: u32,
    pub fill: Option<unsafe extern "C" fn(to: *mut u8, len: u64)>,
}

/// belay/ext/refresh.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_refresh {
    pub size: u32,
    pub flags: u32,
    pub refresh: Option<unsafe extern "C" fn(r#in: *const belay_refresh_in, out: *mut belay_refresh_out, sink: *const belay_field_sink, error: *mut belay_error) -> belay_status>,
}

/// belay/ext/secret.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_secret {
    pub size: u32,
    pub flags: u32,
    pub read: Option<unsafe extern "C" fn(ctx: *mut belay_ctx, source: belay_str, sink: *const belay_field_sink, error: *mut belay_error) -> belay_status>,
}

/// belay/ext/state.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_state {
    pub size: u32,
    pub flags: u32,
    pub get: Option<unsafe extern "C" fn(ctx: *mut belay_ctx, key: belay_str, sink: *const belay_byte_sink, error: *mut belay_error) -> belay_status>,
    pub put: Option<unsafe extern "C" fn(ctx: *mut belay_ctx, key: belay_str, value: belay_bytes, error: *mut belay_error) -> belay_status>,
}

/// belay/ext/transport.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct belay_transport {
    pub size: u32,
    pub flags: u32,
    pub run: Option<unsafe extern "C" fn(exchange: *mut belay_exchange, sink: *const belay_sink, cancel: *const belay_cancel, error: *mut belay_error) -> belay_status>,
}

pub const BELAY_ABI_MAJOR: u32 = 1;
pub const BELAY_ABI_MINOR: u32 = 0;
pub const BELAY_ABI_DRAFT: i32 = 1;
pub const BELAY_ABI_NUMBER: &str = "1.0";
pub const BELAY_ABI_NAME: &str = "1.0-rc1";
pub const BELAY_ABI_HASH: &str = "08fb055de80afe6228be596cf18cf90493d7abe597e5c262ca98e07496219411";
pub const BELAY_OK: i32 = 0;
pub const BELAY_STOP: i32 = 1;
pub const BELAY_ERR_CONTRACT: i32 = -1000;
pub const BELAY_ERR_UNSUPPORTED: i32 = -1001;
pub const BELAY_ERR_INTERNAL: i32 = -1002;
pub const BELAY_ERR_CONFIG: i32 = -2000;
pub const BELAY_ERR_CREDENTIAL: i32 = -2001;
pub const BELAY_ERR_PROTOCOL: i32 = -3000;
pub const BELAY_ERR_CANCELLED: i32 = -4000;
pub const BELAY_ERR_DEADLINE: i32 = -4001;
pub const BELAY_ERR_VENDOR: i32 = -1000000;
pub const BELAY_SECRET: u32 = 1;
pub const BELAY_LOG_DEBUG: u32 = 1;
pub const BELAY_LOG_INFO: u32 = 2;
pub const BELAY_LOG_WARN: u32 = 3;
pub const BELAY_LOG_ERROR: u32 = 4;
pub const BELAY_LOG_HOST_MISBEHAVING: u32 = 5;
pub const BELAY_LOG_PLUGIN_MISBEHAVING: u32 = 6;
pub const BELAY_REQUEST_STREAM: u32 = 1;
pub const BELAY_EVENT_MESSAGE_START: u32 = 1;
pub const BELAY_EVENT_TEXT: u32 = 2;
pub const BELAY_EVENT_REASONING: u32 = 3;
pub const BELAY_EVENT_REFUSAL: u32 = 4;
pub const BELAY_EVENT_TOOL_BEGIN: u32 = 5;
pub const BELAY_EVENT_TOOL_ARGS: u32 = 6;
pub const BELAY_EVENT_TOOL_END: u32 = 7;
pub const BELAY_EVENT_USAGE: u32 = 8;
pub const BELAY_EVENT_STOP: u32 = 9;
pub const BELAY_EVENT_ERROR: u32 = 10;
pub const BELAY_EVENT_PING: u32 = 11;
pub const BELAY_EVENT_RAW: u32 = 12;
pub const BELAY_EVENT_RESULT: u32 = 13;
pub const BELAY_STOPPED_END: i32 = 1;
pub const BELAY_STOPPED_LENGTH: i32 = 2;
pub const BELAY_STOPPED_TOOLS: i32 = 3;
pub const BELAY_STOPPED_FILTER: i32 = 4;
pub const BELAY_STOPPED_OTHER: i32 = 5;
pub const BELAY_FAILURE_STATUS: u32 = 1;
pub const BELAY_FAILURE_IN_REPLY: u32 = 2;
pub const BELAY_FAILURE_INVALID: u32 = 3;
pub const BELAY_FAILURE_CUT: u32 = 4;
pub const BELAY_REASON_UNKNOWN: u32 = 0;
pub const BELAY_REASON_AUTH_REJECTED: u32 = 1;
pub const BELAY_REASON_QUOTA_EXHAUSTED: u32 = 2;
pub const BELAY_REASON_RATE_LIMITED: u32 = 3;
pub const BELAY_REASON_OVERLOADED: u32 = 4;
pub const BELAY_REASON_SERVER_ERROR: u32 = 5;
pub const BELAY_REASON_UNREACHABLE: u32 = 6;
pub const BELAY_REASON_TIMED_OUT: u32 = 7;
pub const BELAY_REASON_MODEL_UNAVAILABLE: u32 = 8;
pub const BELAY_REASON_PERMISSION_DENIED: u32 = 9;
pub const BELAY_REASON_INVALID_REPLY: u32 = 10;
pub const BELAY_REASON_UNSUPPORTED_PARAMETER: u32 = 11;
pub const BELAY_REASON_CONTEXT_TOO_LONG: u32 = 12;
pub const BELAY_REASON_REQUEST_TOO_LARGE: u32 = 13;
pub const BELAY_REASON_BAD_REQUEST: u32 = 14;
pub const BELAY_REASON_CONTENT_REFUSED: u32 = 15;
pub const BELAY_SCOPE_DEFAULT: u32 = 0;
pub const BELAY_SCOPE_REQUEST: u32 = 1;
pub const BELAY_SCOPE_TARGET: u32 = 2;
pub const BELAY_SCOPE_CREDENTIAL_MODEL: u32 = 3;
pub const BELAY_SCOPE_CREDENTIAL: u32 = 4;
pub const BELAY_SCOPE_ENDPOINT: u32 = 5;
pub const BELAY_CAUSE_REJECTED: u32 = 1;
pub const BELAY_CAUSE_FORBIDDEN: u32 = 2;
pub const BELAY_CAUSE_MISSING: u32 = 3;
pub const BELAY_CAUSE_EXPIRED: u32 = 4;
pub const BELAY_CAUSE_ADVISORY: u32 = 5;
pub const BELAY_CAUSE_OPERATOR: u32 = 6;
pub const BELAY_REFRESHED: u32 = 1;
pub const BELAY_UNCHANGED: u32 = 2;
pub const BELAY_NOT_APPLICABLE: u32 = 3;
pub const BELAY_FAILED_TRANSIENT: u32 = 4;
pub const BELAY_FAILED_PERMANENT: u32 = 5;
pub const BELAY_NEEDS_INTERACTION: u32 = 6;
pub const BELAY_REFRESH_CANCELLED: u32 = 7;
pub const BELAY_REFRESH_CONNECTION_BOUND: u32 = 1;
pub const BELAY_CAP_STREAM: u32 = 1;
pub const BELAY_CAP_TOOLS: u32 = 2;
pub const BELAY_CAP_VISION: u32 = 4;
pub const BELAY_CAP_JSON_SCHEMA: u32 = 8;
pub const BELAY_CAP_REASONING: u32 = 16;
pub const BELAY_CAP_EMBEDDINGS: u32 = 32;
pub const BELAY_CAP_MODELS: u32 = 64;
pub const BELAY_CAP_KEYLESS: u32 = 128;
pub const BELAY_CAP_OWN_TRANSPORT: u32 = 256;
pub const BELAY_CAP_OWN_THREADS: u32 = 512;
pub const BELAY_FINISH_COMPLETE: u32 = 1;
pub const BELAY_FINISH_TRUNCATED: u32 = 2;
pub const BELAY_FINISH_CANCELLED: u32 = 3;
pub const BELAY_FINISH_TIMEOUT: u32 = 4;
pub const BELAY_FINISH_FAILED: u32 = 5;
pub const BELAY_PLUGIN_DRAFT: u32 = 1;
pub const BELAY_ENTRY_SYMBOL: &str = "belay_plugin_entry_v1";
pub const BELAY_NOTE_OWNER: &str = "BELAY";
pub const BELAY_NOTE_TYPE: i32 = 1;
pub const BELAY_HTTP_ID: &str = "belay.http/1";
pub const BELAY_JSON_ID: &str = "belay.json/1";
pub const BELAY_JSON_ABSENT: u32 = 0;
pub const BELAY_JSON_NULL: u32 = 1;
pub const BELAY_JSON_BOOL: u32 = 2;
pub const BELAY_JSON_NUMBER: u32 = 3;
pub const BELAY_JSON_STRING: u32 = 4;
pub const BELAY_JSON_ARRAY: u32 = 5;
pub const BELAY_JSON_OBJECT: u32 = 6;
pub const BELAY_LOGIN_ID: &str = "belay.login/1";
pub const BELAY_RANDOM_ID: &str = "belay.random/1";
pub const BELAY_REFRESH_ID: &str = "belay.refresh/1";
pub const BELAY_SECRET_ID: &str = "belay.secret/1";
pub const BELAY_STATE_ID: &str = "belay.state/1";
pub const BELAY_TRANSPORT_ID: &str = "belay.transport/1";
