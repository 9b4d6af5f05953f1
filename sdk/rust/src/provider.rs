// SPDX-License-Identifier: 0BSD
//! What a plugin's author writes.
use crate::abi::*;
use crate::error::{Error, Result};
use crate::sinks::{Fault, FieldSink, Sink, Writer};
use crate::views::{Config, Credential, Failure, Head, Refresh, Request};

/// What a provider says of itself: `belay_descriptor`. `About { kind: "acme", ..., ..About::BLANK }`
#[derive(Clone, Copy)]
pub struct About {
    /// The provider type: "acme"; [a-z][a-z0-9-]*
    pub kind: &'static str,
    /// For people: "Acme"
    pub name: &'static str,
    pub vendor: &'static str,
    pub version: &'static str,
    /// An SPDX expression.
    pub license: &'static str,
    pub homepage: &'static str,
    /// BELAY_CAP_...
    pub caps: u32,
    pub operations: &'static [belay_str],
    pub wires: &'static [belay_str],
    pub credential_types: &'static [belay_str],
    /// JSON Schema draft-04 of [provider.NAME.options]
    pub config_schema: &'static str,
    pub default_base_url: &'static str,
    pub models: &'static [belay_model],
}

impl About {
    pub const BLANK: About = About {
        kind: "",
        name: "",
        vendor: "",
        version: "",
        license: "",
        homepage: "",
        caps: 0,
        operations: &[crate::text("chat")],
        wires: &[],
        credential_types: &[crate::text("api_key")],
        config_schema: "",
        default_base_url: "",
        models: &[],
    };
}

/// One configured account. It is shared by all its exchanges, on any thread.
pub trait Provider: Sized + Send + Sync + 'static {
    const ABOUT: About;
    type Exchange: Exchange<Self>;

    /// Checks the configuration and builds what every exchange shares. No I/O. [control]
    fn create(config: &Config<'_>) -> Result<Self>;

    /// Starts an exchange. [exchange]
    fn begin(&self, input: &Input<'_>) -> Result<Self::Exchange>;

    /// Says what a failure means; pure. What stays `Reason::Unknown` is read by the host. [any]
    fn classify_error(&self, failure: &Failure<'_>) -> Classification {
        let _ = failure;
        Classification::default()
    }

    /// Gets a fresh secret for one credential and emits the fields that are new. [refresh]
    fn refresh_credentials(&self, asked: &Refresh<'_>, sink: &mut FieldSink<'_>) -> Result<Refreshed> {
        crate::default_refresh(asked, sink)
    }
}

/// What an exchange is about: lent from its begin to its end.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub request: Request<'a>,
    /// None: the provider is keyless.
    pub credential: Option<Credential<'a>>,
}

/// One HTTP exchange, by one thread at a time. `?` on what a sink answers ends a function early, which is no failure.
///
/// A provider with `BELAY_CAP_OWN_TRANSPORT` has `run` instead of the HTTP functions.
pub trait Exchange<P>: Send {
    /// Writes the HTTP request. The same input gives the same bytes.
    fn build_request(&mut self, provider: &P, input: &Input<'_>, writer: &mut Writer<'_>) -> Result<()> {
        let _ = (provider, input, writer);
        Err(Error::internal("this provider has its own transport"))
    }
    /// The head of a 2xx reply.
    fn on_response_head(&mut self, head: &Head<'_>, sink: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        let _ = (head, sink);
        Ok(())
    }
    /// The next piece of its body, cut anywhere.
    fn on_body_chunk(&mut self, piece: &[u8], sink: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        let _ = (piece, sink);
        Ok(())
    }
    /// No more comes. `Finish::Failed` does not get here.
    fn finish(&mut self, how: Finish, sink: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        let _ = (how, sink);
        Ok(())
    }
    /// The whole exchange, on a thread that may block; ask `cancel` often.
    fn run(&mut self, provider: &P, input: &Input<'_>, sink: &mut Sink<'_>, cancel: &Cancel) -> std::result::Result<(), Fault> {
        let _ = (provider, input, sink, cancel);
        Err(Fault::Failed(Error::internal("this provider has no transport of its own")))
    }
}

/// How a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    Complete,
    Truncated,
    Cancelled,
    Timeout,
    Failed,
}

impl Finish {
    pub(crate) fn of(how: u32) -> Finish {
        match how {
            BELAY_FINISH_COMPLETE => Finish::Complete,
            BELAY_FINISH_TRUNCATED => Finish::Truncated,
            BELAY_FINISH_CANCELLED => Finish::Cancelled,
            BELAY_FINISH_TIMEOUT => Finish::Timeout,
            _ => Finish::Failed,
        }
    }
}

/// Whether the call should end.
pub struct Cancel {
    pub(crate) raw: *const belay_cancel,
}

impl Cancel {
    pub fn asked(&self) -> bool {
        crate::host::cancelled(self.raw)
    }
}

/// What a failure means: BELAY_REASON_...
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u32)]
pub enum Reason {
    /// The host's own table decides.
    #[default]
    Unknown = BELAY_REASON_UNKNOWN,
    AuthRejected = BELAY_REASON_AUTH_REJECTED,
    QuotaExhausted = BELAY_REASON_QUOTA_EXHAUSTED,
    RateLimited = BELAY_REASON_RATE_LIMITED,
    Overloaded = BELAY_REASON_OVERLOADED,
    ServerError = BELAY_REASON_SERVER_ERROR,
    Unreachable = BELAY_REASON_UNREACHABLE,
    TimedOut = BELAY_REASON_TIMED_OUT,
    ModelUnavailable = BELAY_REASON_MODEL_UNAVAILABLE,
    PermissionDenied = BELAY_REASON_PERMISSION_DENIED,
    InvalidReply = BELAY_REASON_INVALID_REPLY,
    UnsupportedParameter = BELAY_REASON_UNSUPPORTED_PARAMETER,
    ContextTooLong = BELAY_REASON_CONTEXT_TOO_LONG,
    RequestTooLarge = BELAY_REASON_REQUEST_TOO_LARGE,
    BadRequest = BELAY_REASON_BAD_REQUEST,
    ContentRefused = BELAY_REASON_CONTENT_REFUSED,
}

/// What a plugin knows of a failure; what it doesn't know it leaves as it is.
#[derive(Debug, Clone, Default)]
pub struct Classification {
    pub reason: Reason,
    /// BELAY_SCOPE_...; 0: what the host's table has for the reason.
    pub scope: u32,
    /// From other places than the header Retry-After, which the host reads itself.
    pub retry_after_ms: Option<i64>,
    pub reset_unix_ms: Option<i64>,
    pub affordable_tokens: Option<i64>,
    /// Upstream's own words, for people.
    pub message: String,
    /// Of an unsupported parameter: the member that was refused, and its new name if the reply tells one.
    pub parameter: String,
    pub rename: String,
}

/// How a refresh went.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// BELAY_REFRESHED, BELAY_UNCHANGED, ... of `belay/refresh.h`
    pub outcome: u32,
    pub connection_bound: bool,
    /// 0: unknown, -1: never
    pub expires_unix_ms: i64,
    pub refresh_after_unix_ms: i64,
    pub retry_after_ms: i64,
    /// For people, without secrets.
    pub sentence: String,
}

impl Refreshed {
    pub fn outcome(outcome: u32) -> Refreshed {
        Refreshed {
            outcome,
            connection_bound: false,
            expires_unix_ms: 0,
            refresh_after_unix_ms: 0,
            retry_after_ms: -1,
            sentence: String::new(),
        }
    }

    pub(crate) fn of(raw: &belay_refresh_out, sentence: String) -> Refreshed {
        Refreshed {
            outcome: raw.outcome,
            connection_bound: raw.flags & BELAY_REFRESH_CONNECTION_BOUND != 0,
            expires_unix_ms: raw.expires_unix_ms,
            refresh_after_unix_ms: raw.refresh_after_unix_ms,
            retry_after_ms: raw.retry_after_ms,
            sentence,
        }
    }

    pub(crate) fn raw(&self) -> belay_refresh_out {
        belay_refresh_out {
            size: std::mem::size_of::<belay_refresh_out>() as u32,
            outcome: self.outcome,
            flags: if self.connection_bound { BELAY_REFRESH_CONNECTION_BOUND } else { 0 },
            reserved: 0,
            expires_unix_ms: self.expires_unix_ms,
            refresh_after_unix_ms: self.refresh_after_unix_ms,
            retry_after_ms: self.retry_after_ms,
        }
    }
}
