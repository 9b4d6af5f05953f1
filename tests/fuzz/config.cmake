if(TARGET belay::config)
  belay_fuzz(config SOURCES config.cpp LINKS belay::config)
  target_include_directories(fuzz_config PRIVATE "${PROJECT_SOURCE_DIR}/host/config")
endif()
