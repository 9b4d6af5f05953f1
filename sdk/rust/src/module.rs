// SPDX-License-Identifier: 0BSD
//! The module: its export, its tables, its note.
use crate::abi::*;
use crate::barrier::{guarded, panic_to_the_log};
use crate::error::Error;
use crate::host::remember;
use crate::text::text;
use std::mem::size_of;
use std::ptr::null;

/// A table that the host may read from any thread: nothing in it ever changes.
pub struct Table<T>(pub T);
unsafe impl<T> Sync for Table<T> {}

pub const fn greeting(
    id: &'static str,
    version: &'static str,
    provider_count: u32,
    min_host_minor: u32,
    descriptor: unsafe extern "C" fn(u32) -> *const belay_descriptor,
    api: unsafe extern "C" fn(u32) -> *const belay_provider_api,
) -> belay_plugin {
    belay_plugin {
        size: size_of::<belay_plugin>() as u32,
        abi_major: BELAY_ABI_MAJOR,
        abi_minor: BELAY_ABI_MINOR,
        min_host_minor,
        flags: if BELAY_ABI_DRAFT != 0 { BELAY_PLUGIN_DRAFT } else { 0 },
        provider_count,
        id: text(id),
        version: text(version),
        hash: text(BELAY_ABI_HASH),
        descriptor: Some(descriptor),
        api: Some(api),
        shutdown: None,
    }
}

pub fn descriptor_at(all: &'static [belay_descriptor], index: u32) -> *const belay_descriptor {
    all.get(index as usize).map_or(null(), |one| one)
}

pub fn api_at(all: &'static [belay_provider_api], index: u32) -> *const belay_provider_api {
    all.get(index as usize).map_or(null(), |one| one)
}

/// What the entry function does once it has its table.
///
/// # Safety
/// The pointers are what a host gives the entry function.
pub unsafe fn enter(
    plugin: &'static belay_plugin,
    hello: *const belay_hello,
    out: *mut *const belay_plugin,
    error: *mut belay_error,
) -> belay_status {
    panic_to_the_log();
    guarded(error, || {
        let size = unsafe { (hello as *const u32).as_ref() }.copied().unwrap_or(0) as usize;
        if out.is_null() || size < 8 {
            return Err(Error::new(BELAY_ERR_CONTRACT, "the host said no hello"));
        }
        let major = unsafe { (*hello).abi_major };
        if major != BELAY_ABI_MAJOR {
            return Err(Error::unsupported(format!("the plugin speaks belay ABI {}, the host {}.x", BELAY_ABI_NAME, major)));
        }
        let host = if size < size_of::<belay_hello>() { null() } else { unsafe { (*hello).host } };
        if unsafe { (host as *const u32).as_ref() }.map_or(true, |size| (*size as usize) < size_of::<belay_host>()) {
            return Err(Error::new(BELAY_ERR_CONTRACT, "the host's table is shorter than ABI 1.0 says"));
        }
        remember(host);
        unsafe { *out = plugin };
        Ok(BELAY_OK)
    })
}

/// Makes the module out of its providers; once in the crate.
///
/// ```ignore
/// belay::module! { id: "org.example.acme", version: "1.2.0", name: "Acme", vendor: "Example", providers: { "acme" => Acme } }
/// ```
///
/// `origins: ["https://api.acme.example"]` before `providers` lists where, beside the configured base URL, its secrets may be sent.
#[macro_export]
macro_rules! module {
    (id: $id:expr, version: $version:expr, name: $name:expr, vendor: $vendor:expr, $(origins: [$origin:expr $(, $origins:expr)*],)?
     providers: { $kind:expr => $provider:ty $(, $kinds:expr => $providers:ty)* $(,)? } $(,)?) => {
        #[global_allocator]
        static BELAY_RESERVE: $crate::parts::Reserve = $crate::parts::Reserve;

        const BELAY_MODULE: &str = concat!(
            "{\"id\":\"", $id, "\",\"name\":\"", $name, "\",\"version\":\"", $version, "\",\"vendor\":\"", $vendor, "\",\"types\":[\"", $kind, "\"",
            $(",\"", $kinds, "\"",)* "]" $(, ",\"origins\":[\"", $origin, "\"", $(",\"", $origins, "\"",)* "]")?, "}"
        );
        const BELAY_NOTE_SIZE: usize = $crate::parts::note_size(BELAY_MODULE);

        #[used]
        #[link_section = ".note.belay"]
        static BELAY_NOTE: $crate::parts::Note<BELAY_NOTE_SIZE> = $crate::parts::Note($crate::parts::note_bytes(BELAY_MODULE, 0));

        const BELAY_PROVIDERS: usize = [$kind $(, $kinds)*].len();
        static BELAY_DESCRIPTORS: $crate::parts::Table<[$crate::abi::belay_descriptor; BELAY_PROVIDERS]> = $crate::parts::Table([
            $crate::parts::describe(&<$provider as $crate::Provider>::ABOUT)
            $(, $crate::parts::describe(&<$providers as $crate::Provider>::ABOUT))*
        ]);
        static BELAY_APIS: $crate::parts::Table<[$crate::abi::belay_provider_api; BELAY_PROVIDERS]> =
            $crate::parts::Table([$crate::parts::Slots::<$provider>::API $(, $crate::parts::Slots::<$providers>::API)*]);

        unsafe extern "C" fn belay_descriptor_at(index: u32) -> *const $crate::abi::belay_descriptor {
            $crate::parts::descriptor_at(&BELAY_DESCRIPTORS.0, index)
        }
        unsafe extern "C" fn belay_api_at(index: u32) -> *const $crate::abi::belay_provider_api {
            $crate::parts::api_at(&BELAY_APIS.0, index)
        }

        static BELAY_PLUGIN: $crate::parts::Table<$crate::abi::belay_plugin> = $crate::parts::Table($crate::parts::greeting(
            $id, $version, BELAY_PROVIDERS as u32, 0, belay_descriptor_at, belay_api_at,
        ));

        /// # Safety
        /// Called by a host, with what `belay/entry.h` says.
        #[no_mangle]
        pub unsafe extern "C" fn belay_plugin_entry_v1(
            hello: *const $crate::abi::belay_hello,
            out: *mut *const $crate::abi::belay_plugin,
            error: *mut $crate::abi::belay_error,
        ) -> $crate::abi::belay_status {
            unsafe { $crate::parts::enter(&BELAY_PLUGIN.0, hello, out, error) }
        }
    };
}
