// SPDX-License-Identifier: 0BSD
//! The host's services.
use crate::abi::*;
use crate::error::{Error, Result};
use crate::provider::Refreshed;
use crate::sinks::FieldSink;
use crate::text::lend;
use crate::views::Refresh;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The first host of the process; its table is static.
static HOST: AtomicPtr<belay_host> = AtomicPtr::new(null_mut());

pub(crate) fn remember(host: *const belay_host) {
    let _ = HOST.compare_exchange(null_mut(), host as *mut belay_host, Ordering::AcqRel, Ordering::Acquire);
}

fn host() -> Option<&'static belay_host> {
    unsafe { HOST.load(Ordering::Acquire).as_ref() }
}

#[derive(Debug, Clone, Copy)]
pub enum Level {
    Debug = BELAY_LOG_DEBUG as isize,
    Info = BELAY_LOG_INFO as isize,
    Warn = BELAY_LOG_WARN as isize,
    Error = BELAY_LOG_ERROR as isize,
    /// The host broke the interface.
    HostMisbehaving = BELAY_LOG_HOST_MISBEHAVING as isize,
    /// A bug of this plugin.
    PluginMisbehaving = BELAY_LOG_PLUGIN_MISBEHAVING as isize,
}

/// One line for the host's log. No secrets.
pub fn log(level: Level, message: &str) {
    if let Some(log) = host().and_then(|host| host.log) {
        unsafe { log(null_mut(), level as u32, lend(message)) }
    }
}

/// Nanoseconds on a clock that only goes forward.
pub fn mono_ns() -> i64 {
    host().and_then(|host| host.mono_ns).map_or(0, |clock| unsafe { clock() })
}

/// Milliseconds since 1970-01-01 UTC.
pub fn unix_ms() -> i64 {
    host().and_then(|host| host.unix_ms).map_or(0, |clock| unsafe { clock() })
}

pub(crate) fn cancelled(cancel: *const belay_cancel) -> bool {
    host().and_then(|host| host.cancelled).map_or(false, |asked| unsafe { asked(cancel) } != 0)
}

/// A service's table by its id, or None where this host lacks it or has it shorter than `T`.
///
/// # Safety
/// `T` is the table that belongs to `id`: `extension::<abi::belay_random>(abi::BELAY_RANDOM_ID)`.
pub unsafe fn extension<T>(id: &str) -> Option<&'static T> {
    let table = unsafe { host()?.get_extension?(lend(id)) };
    let size = unsafe { (table as *const u32).as_ref() }?;
    if (*size as usize) < std::mem::size_of::<T>() {
        return None;
    }
    unsafe { (table as *const T).as_ref() }
}

/// The host's refresh of `api_key`, `oauth2` and `exec`: all that a provider with nothing special needs.
pub fn default_refresh(asked: &Refresh<'_>, sink: &mut FieldSink<'_>) -> Result<Refreshed> {
    let service = unsafe { extension::<belay_refresh>(BELAY_REFRESH_ID) };
    let refresh = match service.and_then(|service| service.refresh) {
        Some(refresh) => refresh,
        None => return Ok(Refreshed::outcome(BELAY_NOT_APPLICABLE)),
    };
    let mut room = [0u8; 512];
    let mut error = belay_error {
        size: std::mem::size_of::<belay_error>() as u32,
        code: 0,
        text: belay_text { ptr: room.as_mut_ptr() as *mut _, cap: room.len() as u32, len: 0 },
    };
    let mut out = Refreshed::outcome(BELAY_FAILED_TRANSIENT).raw();
    let status = unsafe { refresh(asked.raw, &mut out, sink.raw, &mut error) };
    let said = &room[..(error.text.len as usize).min(room.len())];
    let sentence = String::from_utf8_lossy(said).into_owned();
    if status < 0 {
        return Err(Error::new(status, sentence));
    }
    Ok(Refreshed::of(&out, sentence))
}
