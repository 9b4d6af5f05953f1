// SPDX-License-Identifier: 0BSD
//! Why a call failed.
use crate::abi::*;
use std::borrow::Cow;
use std::fmt;

/// A status of `belay/types.h` and one sentence for people, without secrets.
#[derive(Debug, Clone)]
pub struct Error {
    pub status: belay_status,
    pub sentence: Cow<'static, str>,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(status: belay_status, sentence: impl Into<Cow<'static, str>>) -> Error {
        Error { status, sentence: sentence.into() }
    }
    /// The configuration is wrong; the sentence names the key.
    pub fn config(sentence: impl Into<Cow<'static, str>>) -> Error {
        Error::new(BELAY_ERR_CONFIG, sentence)
    }
    /// An operation, wire, required member or option that the plugin does not know.
    pub fn unsupported(sentence: impl Into<Cow<'static, str>>) -> Error {
        Error::new(BELAY_ERR_UNSUPPORTED, sentence)
    }
    /// The credential lacks something; the sentence names the field.
    pub fn credential(sentence: impl Into<Cow<'static, str>>) -> Error {
        Error::new(BELAY_ERR_CREDENTIAL, sentence)
    }
    /// Upstream sent what its wire does not allow.
    pub fn protocol(sentence: impl Into<Cow<'static, str>>) -> Error {
        Error::new(BELAY_ERR_PROTOCOL, sentence)
    }
    pub fn internal(sentence: impl Into<Cow<'static, str>>) -> Error {
        Error::new(BELAY_ERR_INTERNAL, sentence)
    }

    /// A status that the host answered with; positive ones are no failure.
    pub(crate) fn of(status: belay_status) -> Result<()> {
        if status >= 0 {
            return Ok(());
        }
        Err(Error::new(status, ""))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} ({})", self.sentence, self.status)
    }
}

impl std::error::Error for Error {}
