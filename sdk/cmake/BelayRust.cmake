# belay_add_rust_plugin(acme
#   VERSION 1.2.0                 CARGO_PKG_VERSION of the sources
#   SOURCES src/lib.rs ...)       the crate's root first; whatever else lies beside it is looked at for changes
#
# Makes the target `acme`: acme.so, out of a crate that uses the SDK's crate `belay` and nothing else. By rustc alone (1.63 or later): no cargo, no
# registry, no network. The file is in BELAY_PLUGIN_OUTPUT_DIRECTORY where that is set, else in the current binary folder; the target's property
# BELAY_PLUGIN_FILE says where. A crate that needs others is built by cargo as any crate is; its libacme.so is the plugin.
include_guard(GLOBAL)

# Where the SDK's crate is: in its sources here, beside the headers where it is installed (belay-sdk-config.cmake sets that).
if(NOT BELAY_RUST_CRATE)
  set(BELAY_RUST_CRATE "${CMAKE_CURRENT_LIST_DIR}/../rust")
endif()
set_property(GLOBAL PROPERTY BELAY_RUST_CRATE "${BELAY_RUST_CRATE}")

function(belay_add_rust_plugin name)
  cmake_parse_arguments(ARG "" "VERSION" "SOURCES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "belay_add_rust_plugin(${name}): unknown argument: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  foreach(needed VERSION SOURCES)
    if(NOT ARG_${needed})
      message(FATAL_ERROR "belay_add_rust_plugin(${name}): ${needed} is missing")
    endif()
  endforeach()
  find_program(BELAY_RUSTC rustc HINTS ENV CARGO_HOME PATHS "$ENV{HOME}/.cargo" PATH_SUFFIXES bin DOC "The Rust compiler of belay_add_rust_plugin()")
  if(NOT BELAY_RUSTC)
    message(FATAL_ERROR "belay_add_rust_plugin(${name}): no rustc was found; install one (1.63 or later), or say -DBELAY_RUSTC=PATH")
  endif()

  get_property(crate_folder GLOBAL PROPERTY BELAY_RUST_CRATE)
  list(GET ARG_SOURCES 0 root)
  get_filename_component(root "${root}" ABSOLUTE)
  get_filename_component(folder "${root}" DIRECTORY)
  file(GLOB_RECURSE own CONFIGURE_DEPENDS "${folder}/*.rs")
  file(GLOB_RECURSE crate CONFIGURE_DEPENDS "${crate_folder}/src/*.rs")
  string(REPLACE "-" "_" crate_name "${name}")
  set(work "${CMAKE_CURRENT_BINARY_DIR}/${name}.rust")
  set(into "${CMAKE_CURRENT_BINARY_DIR}")
  if(BELAY_PLUGIN_OUTPUT_DIRECTORY)
    set(into "${BELAY_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
  file(MAKE_DIRECTORY "${work}" "${into}")
  set(common --edition 2021 -C opt-level=3 -C panic=unwind)

  add_custom_command(OUTPUT "${work}/libbelay.rlib" COMMAND "${BELAY_RUSTC}" ${common} --crate-type rlib --crate-name belay -o "${work}/libbelay.rlib"
                             "${crate_folder}/src/lib.rs"
                     DEPENDS ${crate} VERBATIM COMMENT "Rust crate belay for ${name}")
  add_custom_command(OUTPUT "${into}/${name}.so"
                     COMMAND "${CMAKE_COMMAND}" -E env "CARGO_PKG_VERSION=${ARG_VERSION}" "${BELAY_RUSTC}" ${common} --crate-type cdylib --crate-name "${crate_name}"
                             --extern "belay=${work}/libbelay.rlib" -C strip=symbols -C link-arg=-Wl,-z,defs,-z,now,-z,relro,-z,noexecstack
                             -o "${into}/${name}.so" "${root}"
                     DEPENDS ${own} ${ARG_SOURCES} "${work}/libbelay.rlib" VERBATIM COMMENT "Rust plugin ${name}.so")
  add_custom_target(${name} ALL DEPENDS "${into}/${name}.so")
  set_target_properties(${name} PROPERTIES BELAY_PLUGIN_FILE "${into}/${name}.so")
endfunction()
