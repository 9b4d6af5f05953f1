// SPDX-License-Identifier: 0BSD
//! A provider plugin for belay in Rust.
//!
//! A provider is a type with [`Provider`]; one HTTP exchange of it is a type with [`Exchange`]; [`module!`] makes the one export, the tables and
//! the note of them. The crate depends on nothing, and nothing of it is visible outside the plugin. What each call means stands in the C headers
//! (`belay/version.h` first, then `belay/provider.h`); [`abi`] is those headers in Rust.
//!
//! No panic crosses the line: each call from the host runs inside a barrier that answers `BELAY_ERR_INTERNAL` with the panic's text. An `Err` is
//! the status and the sentence that the host gets. Everything that is lent (a request, a credential, a piece of the body) is a view that the
//! borrow checker keeps from outliving its call.
#![deny(unsafe_op_in_unsafe_fn)]

pub mod abi;
pub mod json;
pub mod sse;

mod barrier;
mod error;
mod host;
mod module;
mod note;
mod provider;
mod raw_reply;
mod reserve;
mod sinks;
mod tables;
mod text;
mod views;

pub use error::{Error, Result};
pub use host::{default_refresh, extension, log, mono_ns, unix_ms, Level};
pub use provider::{About, Cancel, Classification, Exchange, Finish, Input, Provider, Reason, Refreshed};
pub use raw_reply::RawReply;
pub use sinks::{Fault, FieldSink, Sink, Stopped, Usage, Writer};
pub use text::text;
pub use views::{Config, Credential, Failure, Fields, Head, Refresh, Request};

/// What [`module!`] is made of; not for use by hand.
#[doc(hidden)]
pub mod parts {
    pub use crate::module::{api_at, descriptor_at, enter, greeting, Table};
    pub use crate::note::{note_bytes, note_size, Note};
    pub use crate::reserve::Reserve;
    pub use crate::tables::{describe, Slots};
}
