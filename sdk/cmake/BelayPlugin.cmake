# belay_add_plugin(acme
#   ID org.example.acme  VERSION 1.2.0        who the module is: reverse DNS and semantic version
#   SOURCES acme.cpp ...
#   [TITLE "Acme"] [VENDOR "Example Ltd"]     for people; TITLE defaults to the name
#   [TYPES acme ...]                          provider types in it; defaults to the name
#   [ORIGINS https://api.acme.example ...]    where its secrets may be sent beside the configured base URL
#   [LINKS lib ...]                           linked into it: static libraries, hidden from everybody else
#   [MIN_HOST_MINOR 1]                        it counts on something of ABI 1.1; hosts of 1.0 refuse it with one sentence
#   [OWN_NOTE])                               the sources have a BELAY_NOTE() of their own
#
# Makes the target `acme`: acme.so, which exports belay_plugin_entry_v1 and nothing else, imports nothing undefined, and carries the note by which
# a host knows it before running any of it. C and C++ see BELAY_MODULE_ID and BELAY_MODULE_VERSION. It lands in BELAY_PLUGIN_OUTPUT_DIRECTORY where
# that is set, else in the current binary folder.
include_guard(GLOBAL)

function(belay_add_plugin name)
  cmake_parse_arguments(ARG "OWN_NOTE" "ID;VERSION;TITLE;VENDOR;MIN_HOST_MINOR" "SOURCES;TYPES;ORIGINS;LINKS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "belay_add_plugin(${name}): unknown argument: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  foreach(needed ID VERSION SOURCES)
    if(NOT ARG_${needed})
      message(FATAL_ERROR "belay_add_plugin(${name}): ${needed} is missing")
    endif()
  endforeach()
  if(NOT ARG_ID MATCHES "^[a-z0-9-]+(\\.[a-z0-9-]+)+$")
    message(FATAL_ERROR "belay_add_plugin(${name}): ID \"${ARG_ID}\" is not reverse DNS; right would be org.example.${name}")
  endif()
  if(NOT ARG_VERSION MATCHES "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)([-+][0-9A-Za-z.+-]+)?$")
    message(FATAL_ERROR "belay_add_plugin(${name}): VERSION \"${ARG_VERSION}\" is not a semantic version; right would be 1.2.0")
  endif()
  if(NOT ARG_TYPES)
    set(ARG_TYPES "${name}")
  endif()
  foreach(type IN LISTS ARG_TYPES)
    if(NOT type MATCHES "^[a-z][a-z0-9-]*$")
      message(FATAL_ERROR "belay_add_plugin(${name}): provider type \"${type}\" must be lower case letters, digits and dashes")
    endif()
  endforeach()
  if(NOT ARG_TITLE)
    set(ARG_TITLE "${name}")
  endif()

  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE belay::sdk ${ARG_LINKS})
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(pair "C:c_std_99" "CXX:cxx_std_20")
    string(REPLACE ":" ";" pair "${pair}")
    list(GET pair 0 language)
    list(GET pair 1 level)
    if(language IN_LIST languages)
      target_compile_features(${name} PRIVATE ${level})
    endif()
  endforeach()
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" OUTPUT_NAME "${name}" POSITION_INDEPENDENT_CODE ON)
  if(BELAY_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${BELAY_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
  target_compile_definitions(${name} PRIVATE "BELAY_MODULE_ID=\"${ARG_ID}\"" "BELAY_MODULE_VERSION=\"${ARG_VERSION}\"")
  if(ARG_MIN_HOST_MINOR)
    target_compile_definitions(${name} PRIVATE "BELAY_MIN_HOST_MINOR=${ARG_MIN_HOST_MINOR}")
  endif()
  belay_hide_symbols(${name})
  target_link_options(${name} PRIVATE -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack -Wl,--exclude-libs,ALL
                                      "-Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map")
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map")
  # A sanitizer's runtime is in the host and undefined here until load time.
  if(NOT BELAY_SANITIZE AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  if(NOT ARG_OWN_NOTE)
    _belay_add_note(${name})
  endif()
endfunction()

# belay_hide_symbols(target): how code that ends up in a plugin is compiled, a static library of several plugins too.
function(belay_hide_symbols target)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                                             POSITION_INDEPENDENT_CODE ON)
  # A unique symbol pins its library in memory and is shared between plugins behind their backs.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:$<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>>)
endfunction()

# Writes the note of belay/entry.h from the caller's ARG_... and compiles it in.
function(_belay_add_note name)
  set(members "")
  foreach(pair "id:${ARG_ID}" "name:${ARG_TITLE}" "version:${ARG_VERSION}" "vendor:${ARG_VENDOR}")
    string(REGEX MATCH "^([a-z]+):(.*)$" _ "${pair}")
    set(value "${CMAKE_MATCH_2}")
    set(key "${CMAKE_MATCH_1}")
    if(value MATCHES "[\"\\]|[\n\r\t]")
      message(FATAL_ERROR "belay_add_plugin(${name}): ${key} must not contain quotes, backslashes or line ends")
    endif()
    list(APPEND members "\\\"${key}\\\":\\\"${value}\\\"")
  endforeach()
  foreach(key TYPES ORIGINS)
    string(TOLOWER "${key}" member)
    set(quoted "")
    foreach(word IN LISTS ARG_${key})
      list(APPEND quoted "\\\"${word}\\\"")
    endforeach()
    string(REPLACE ";" "," quoted "${quoted}")
    list(APPEND members "\\\"${member}\\\":[${quoted}]")
  endforeach()
  string(REPLACE ";" "," members "${members}")
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(extension cpp)
  if("C" IN_LIST languages)
    set(extension c)
  endif()
  set(file "${CMAKE_CURRENT_BINARY_DIR}/${name}_note.${extension}")
  file(CONFIGURE OUTPUT "${file}" @ONLY NEWLINE_STYLE UNIX CONTENT [[
/* Made by belay_add_plugin(@name@). */
#include "belay/entry.h"
BELAY_NOTE("{@members@}");
]])
  target_sources(${name} PRIVATE "${file}")
endfunction()
