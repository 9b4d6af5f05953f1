belay_fuzz(elf SOURCES elf.cpp LINKS belay::plugins)
target_include_directories(fuzz_elf PRIVATE "${PROJECT_SOURCE_DIR}/host/plugins")
