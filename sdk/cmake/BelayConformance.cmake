# belay_add_conformance(acme
#   [CASSETTES cassettes]        the folder of recorded exchanges; defaults to `cassettes` beside the CMakeLists.txt, where there is one
#   [CERTIFY]                    a check without its cassette fails, and so does what would be a warning
#   [ONLY PATTERN ...]           of the checks, these alone: ids or globs, "STRM-*"
#   [SKIP PATTERN ...]           none of these; groups too, "fuzz"
#   [TIMEOUT seconds])           of one check; defaults to 120
#
# Adds one test for each check of belay-conform to the plugin that belay_add_plugin(acme) or belay_add_rust_plugin(acme) makes: acme.conform.STRM-02, with the
# label of its group (`ctest -L stream`). Which checks there are is asked when the tests run, so that a newer belay-conform brings its own.
include_guard(GLOBAL)

function(belay_add_conformance name)
  cmake_parse_arguments(ARG "CERTIFY" "CASSETTES;TIMEOUT" "ONLY;SKIP" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "belay_add_conformance(${name}): unknown argument: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TARGET ${name})
    message(FATAL_ERROR "belay_add_conformance(${name}): there is no such plugin; call belay_add_plugin(${name} ...) first")
  endif()
  if(TARGET belay::conform)
    set(tool "$<TARGET_FILE:belay::conform>")
  elseif(TARGET belay-conform)
    set(tool "$<TARGET_FILE:belay-conform>")
  else()
    message(FATAL_ERROR "belay_add_conformance(${name}): belay-conform is not installed beside the SDK's headers; it comes with the component sdk")
  endif()
  if(NOT ARG_CASSETTES AND IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/cassettes")
    set(ARG_CASSETTES cassettes)
  endif()
  if(ARG_CASSETTES)
    get_filename_component(ARG_CASSETTES "${ARG_CASSETTES}" ABSOLUTE)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  get_target_property(file ${name} BELAY_PLUGIN_FILE)
  if(NOT file)
    set(file "$<TARGET_FILE:${name}>")
  endif()

  set(script "${CMAKE_CURRENT_BINARY_DIR}/${name}_conformance.cmake")
  file(GENERATE OUTPUT "${script}" CONTENT
"# Made by belay_add_conformance(${name}); read by ctest.
set(name [[${name}]])
set(tool [[${tool}]])
set(plugin [[${file}]])
set(cassettes [[${ARG_CASSETTES}]])
set(certify [[${ARG_CERTIFY}]])
set(only [[${ARG_ONLY}]])
set(skip [[${ARG_SKIP}]])
set(timeout [[${ARG_TIMEOUT}]])
include([[${CMAKE_CURRENT_FUNCTION_LIST_DIR}/belay-conformance-tests.cmake]])
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
endfunction()
