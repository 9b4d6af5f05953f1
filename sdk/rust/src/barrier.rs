// SPDX-License-Identifier: 0BSD
//! No panic crosses the line (P13), and none prints (P17): each call from the host runs in here.
use crate::abi::*;
use crate::error::Result;
use crate::host::{log, Level};
use crate::reserve;
use crate::text::put;
use std::any::Any;
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::sync::Once;

/// Runs one call. An `Err` is its status and sentence, a panic BELAY_ERR_INTERNAL with its text, and so is a call that found no memory.
pub(crate) fn guarded(error: *mut belay_error, call: impl FnOnce() -> Result<belay_status>) -> belay_status {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(status)) if !reserve::in_use() => status,
        Ok(Ok(_)) => {
            tell(error, "out of memory");
            BELAY_ERR_INTERNAL
        }
        Ok(Err(fault)) => {
            tell(error, &fault.sentence);
            fault.status
        }
        Err(payload) => {
            tell(error, said(payload.as_ref()));
            // A payload of the author's own type might panic once more when it is dropped.
            if !payload.is::<String>() && !payload.is::<&str>() {
                std::mem::forget(payload);
            }
            BELAY_ERR_INTERNAL
        }
    }
}

/// The same for a call that can't fail: what it panics with is in the host's log already.
pub(crate) fn guarded_quietly(call: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(call)) {
        std::mem::forget(payload);
    }
}

pub(crate) fn tell(error: *mut belay_error, sentence: &str) {
    if let Some(error) = unsafe { error.as_mut() } {
        unsafe { put(&mut error.text, sentence) };
    }
}

fn said(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return text;
    }
    payload.downcast_ref::<String>().map_or("the plugin panicked", String::as_str)
}

/// Rust's own hook prints to stderr. This library has a copy of std to itself, so that no other code sees the change.
pub(crate) fn panic_to_the_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_hook(Box::new(|info| log(Level::PluginMisbehaving, &info.to_string()))));
}
