// SPDX-License-Identifier: 0BSD
//! The tables of a provider: each slot finds its object, calls the trait inside the barrier, and tells the host what came of it.
use crate::abi::*;
use crate::barrier::{guarded, guarded_quietly};
use crate::error::{Error, Result};
use crate::provider::{About, Cancel, Exchange, Finish, Input, Provider, Refreshed};
use crate::sinks::{Fault, FieldSink, Sink, Writer};
use crate::text::{borrowed, put, text, view};
use crate::views::{Config, Credential, Failure, Head, Refresh, Request};
use std::marker::PhantomData;
use std::os::raw::c_void;
use std::ptr::null;

pub const fn describe(about: &About) -> belay_descriptor {
    belay_descriptor {
        size: std::mem::size_of::<belay_descriptor>() as u32,
        caps: about.caps,
        r#type: text(about.kind),
        name: text(about.name),
        vendor: text(about.vendor),
        version: text(about.version),
        license: text(about.license),
        homepage: text(about.homepage),
        config_schema: text(about.config_schema),
        default_base_url: text(about.default_base_url),
        operations: about.operations.as_ptr(),
        wires: about.wires.as_ptr(),
        credential_types: about.credential_types.as_ptr(),
        operation_count: about.operations.len() as u32,
        wire_count: about.wires.len() as u32,
        credential_type_count: about.credential_types.len() as u32,
        model_count: about.models.len() as u32,
        models: about.models.as_ptr(),
        model_stride: std::mem::size_of::<belay_model>() as u32,
        reserved: 0,
    }
}

/// One exchange, and what the host lends it from begin() to end().
struct Live<P: Provider> {
    exchange: P::Exchange,
    provider: *const P,
    request: *const belay_request,
    credential: *const belay_credential,
}

impl<P: Provider> Live<P> {
    /// # Safety
    /// Between begin() and end().
    unsafe fn input<'a>(&self) -> Result<Input<'a>> {
        unsafe { lent_input(self.request, self.credential) }
    }
}

unsafe fn lent_input<'a>(request: *const belay_request, credential: *const belay_credential) -> Result<Input<'a>> {
    let request = unsafe { Request::lent(request) }.ok_or_else(nothing)?;
    Ok(Input { request, credential: unsafe { Credential::lent(credential) } })
}

fn nothing() -> Error {
    Error::new(BELAY_ERR_CONTRACT, "the host gave NULL where the ABI has none")
}

/// The slots of `P`, as constants.
pub struct Slots<P>(PhantomData<P>);

impl<P: Provider> Slots<P> {
    const OWN_TRANSPORT: bool = P::ABOUT.caps & BELAY_CAP_OWN_TRANSPORT != 0;

    pub const API: belay_provider_api = belay_provider_api {
        size: std::mem::size_of::<belay_provider_api>() as u32,
        flags: 0,
        create: Some(Self::create),
        destroy: Some(Self::destroy),
        begin: Some(Self::begin),
        build_request: if Self::OWN_TRANSPORT { None } else { Some(Self::build_request) },
        on_response_head: if Self::OWN_TRANSPORT { None } else { Some(Self::on_response_head) },
        on_body_chunk: if Self::OWN_TRANSPORT { None } else { Some(Self::on_body_chunk) },
        finish: if Self::OWN_TRANSPORT { None } else { Some(Self::finish) },
        end: Some(Self::end),
        classify_error: Some(Self::classify_error),
        refresh_credentials: Some(Self::refresh_credentials),
        get_extension: Some(Self::get_extension),
    };

    const TRANSPORT: belay_transport =
        belay_transport { size: std::mem::size_of::<belay_transport>() as u32, flags: 0, run: Some(Self::run) };

    unsafe extern "C" fn create(config: *const belay_config, out: *mut *mut belay_instance, error: *mut belay_error) -> belay_status {
        guarded(error, || {
            let config = unsafe { Config::lent(config) }.ok_or_else(nothing)?;
            let made = Box::new(P::create(&config)?);
            out_of_memory_yet()?;
            unsafe { *out = Box::into_raw(made) as *mut belay_instance };
            Ok(BELAY_OK)
        })
    }

    unsafe extern "C" fn destroy(instance: *mut belay_instance) {
        guarded_quietly(|| drop(unsafe { Box::from_raw(instance as *mut P) }))
    }

    unsafe extern "C" fn begin(
        instance: *mut belay_instance,
        request: *const belay_request,
        credential: *const belay_credential,
        out: *mut *mut belay_exchange,
        error: *mut belay_error,
    ) -> belay_status {
        guarded(error, || {
            let provider = unsafe { &*(instance as *const P) };
            let input = unsafe { lent_input(request, credential) }?;
            let exchange = provider.begin(&input)?;
            let made = Box::new(Live::<P> { exchange, provider, request, credential });
            out_of_memory_yet()?;
            unsafe { *out = Box::into_raw(made) as *mut belay_exchange };
            Ok(BELAY_OK)
        })
    }

    unsafe fn live<'a>(exchange: *mut belay_exchange) -> &'a mut Live<P> {
        unsafe { &mut *(exchange as *mut Live<P>) }
    }

    unsafe extern "C" fn build_request(
        exchange: *mut belay_exchange,
        writer: *const belay_http_writer,
        error: *mut belay_error,
    ) -> belay_status {
        guarded(error, || {
            let live = unsafe { Self::live(exchange) };
            let raw = unsafe { writer.as_ref() }.ok_or_else(nothing)?;
            let input = unsafe { live.input() }?;
            live.exchange.build_request(unsafe { &*live.provider }, &input, &mut Writer { raw })?;
            Ok(BELAY_OK)
        })
    }

    unsafe extern "C" fn on_response_head(
        exchange: *mut belay_exchange,
        head: *const belay_head,
        sink: *const belay_sink,
        error: *mut belay_error,
    ) -> belay_status {
        emitting(error, sink, |sink| {
            let head = unsafe { Head::lent(head) }.ok_or_else(nothing)?;
            unsafe { Self::live(exchange) }.exchange.on_response_head(&head, sink)
        })
    }

    unsafe extern "C" fn on_body_chunk(
        exchange: *mut belay_exchange,
        piece: belay_bytes,
        sink: *const belay_sink,
        error: *mut belay_error,
    ) -> belay_status {
        emitting(error, sink, |sink| {
            let piece = unsafe { borrowed(piece.ptr, piece.len) };
            unsafe { Self::live(exchange) }.exchange.on_body_chunk(piece, sink)
        })
    }

    unsafe extern "C" fn finish(exchange: *mut belay_exchange, how: u32, sink: *const belay_sink, error: *mut belay_error) -> belay_status {
        emitting(error, sink, |sink| match Finish::of(how) {
            Finish::Failed => Ok(()),
            how => unsafe { Self::live(exchange) }.exchange.finish(how, sink),
        })
    }

    unsafe extern "C" fn run(
        exchange: *mut belay_exchange,
        sink: *const belay_sink,
        cancel: *const belay_cancel,
        error: *mut belay_error,
    ) -> belay_status {
        emitting(error, sink, |sink| {
            let live = unsafe { Self::live(exchange) };
            let input = unsafe { live.input() }?;
            live.exchange.run(unsafe { &*live.provider }, &input, sink, &Cancel { raw: cancel })
        })
    }

    unsafe extern "C" fn end(exchange: *mut belay_exchange) {
        guarded_quietly(|| drop(unsafe { Box::from_raw(exchange as *mut Live<P>) }))
    }

    unsafe extern "C" fn classify_error(
        instance: *mut belay_instance,
        failure: *const belay_failure,
        out: *mut belay_classification,
    ) -> belay_status {
        guarded(std::ptr::null_mut(), || {
            let failure = unsafe { Failure::lent(failure) }.ok_or_else(nothing)?;
            let said = unsafe { &*(instance as *const P) }.classify_error(&failure);
            let out = unsafe { out.as_mut() }.ok_or_else(nothing)?;
            out.reason = said.reason as u32;
            out.scope = said.scope;
            out.retry_after_ms = said.retry_after_ms.unwrap_or(out.retry_after_ms);
            out.reset_unix_ms = said.reset_unix_ms.unwrap_or(out.reset_unix_ms);
            out.affordable_tokens = said.affordable_tokens.unwrap_or(out.affordable_tokens);
            unsafe {
                put(&mut out.message, &said.message);
                put(&mut out.parameter, &said.parameter);
                put(&mut out.rename, &said.rename);
            }
            Ok(BELAY_OK)
        })
    }

    unsafe extern "C" fn refresh_credentials(
        instance: *mut belay_instance,
        asked: *const belay_refresh_in,
        out: *mut belay_refresh_out,
        sink: *const belay_field_sink,
        error: *mut belay_error,
    ) -> belay_status {
        guarded(error, || {
            let out = unsafe { out.as_mut() }.ok_or_else(nothing)?;
            out.outcome = BELAY_FAILED_TRANSIENT;
            let asked = unsafe { Refresh::lent(asked) }.ok_or_else(nothing)?;
            let raw = unsafe { sink.as_ref() }.ok_or_else(nothing)?;
            let answer: Refreshed = unsafe { &*(instance as *const P) }.refresh_credentials(&asked, &mut FieldSink { raw })?;
            let known = answer.raw();
            out.outcome = known.outcome;
            out.flags = known.flags;
            out.expires_unix_ms = known.expires_unix_ms;
            out.refresh_after_unix_ms = known.refresh_after_unix_ms;
            out.retry_after_ms = known.retry_after_ms;
            if !answer.sentence.is_empty() {
                crate::barrier::tell(error, &answer.sentence);
            }
            Ok(BELAY_OK)
        })
    }

    unsafe extern "C" fn get_extension(id: belay_str) -> *const c_void {
        if Self::OWN_TRANSPORT && unsafe { view(id) } == BELAY_TRANSPORT_ID {
            return &Self::TRANSPORT as *const belay_transport as *const c_void;
        }
        null()
    }
}

/// A call that emits: a sink that said STOP is answered with STOP.
fn emitting(
    error: *mut belay_error,
    sink: *const belay_sink,
    call: impl FnOnce(&mut Sink<'_>) -> std::result::Result<(), Fault>,
) -> belay_status {
    guarded(error, || {
        let mut sink = Sink { raw: unsafe { sink.as_ref() }.ok_or_else(nothing)?, stopped: false };
        match call(&mut sink) {
            Ok(()) if sink.stopped => Ok(BELAY_STOP),
            Ok(()) => Ok(BELAY_OK),
            Err(Fault::Stopped) => Ok(BELAY_STOP),
            Err(Fault::Failed(error)) => Err(error),
        }
    })
}

/// What was made with the last memory is not handed out.
fn out_of_memory_yet() -> Result<()> {
    if crate::reserve::in_use() {
        return Err(Error::internal("out of memory"));
    }
    Ok(())
}
