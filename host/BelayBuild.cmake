# How everything in this repository is compiled, and where it lands: build/PRESET is laid out as installed.

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(BELAY_PLUGIN_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib/belay/plugins")

find_program(BELAY_CCACHE ccache)
if(BELAY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${BELAY_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${BELAY_CCACHE}")
endif()

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(belay_options INTERFACE)
target_compile_features(belay_options INTERFACE cxx_std_20 c_std_11)
target_compile_options(belay_options INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
if(BELAY_WARNINGS_AS_ERRORS)
  target_compile_options(belay_options INTERFACE -Werror)
endif()
if(BELAY_SANITIZE)
  add_compile_options("-fsanitize=${BELAY_SANITIZE}" -fno-omit-frame-pointer)
  add_link_options("-fsanitize=${BELAY_SANITIZE}")
endif()
if(BELAY_FUZZ)
  # RapidJSON's stack adds an offset to a null pointer when it is empty.
  add_compile_options(-fsanitize=fuzzer-no-link -fno-sanitize=pointer-overflow)
endif()
if(BELAY_TIDY)
  find_program(BELAY_CLANG_TIDY NAMES clang-tidy-14 REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY "${BELAY_CLANG_TIDY}")
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# What nearly every file includes, compiled once: a third less work for the builds that are made from nothing. The release build does without, so that each
# file names what it needs.
if(BELAY_PRECOMPILED)
  file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "")
  add_library(belay_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
  target_link_libraries(belay_precompiled PRIVATE belay_options)
  target_precompile_headers(belay_precompiled PRIVATE <algorithm> <atomic> <chrono> <functional> <map> <memory> <mutex> <optional> <string> <string_view> <thread>
                            <variant> <vector>)
endif()

# belay_module(base SOURCES a.cpp b.cpp LINKS belay::x PRIVATE_LINKS CURL::libcurl)
# One folder of host/: a static library with its own include path, so that an include against the arrows does not compile.
function(belay_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(belay_${name} STATIC ${ARG_SOURCES})
  add_library(belay::${name} ALIAS belay_${name})
  target_include_directories(belay_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/include" PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_link_libraries(belay_${name} PUBLIC ${ARG_LINKS} PRIVATE belay_options ${ARG_PRIVATE_LINKS})
  if(BELAY_PRECOMPILED)
    target_precompile_headers(belay_${name} REUSE_FROM belay_precompiled)
  endif()
endfunction()
