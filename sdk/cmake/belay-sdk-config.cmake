# find_package(belay-sdk): belay::sdk (headers) and belay_add_plugin().
include("${CMAKE_CURRENT_LIST_DIR}/belay-sdk-targets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/BelayPlugin.cmake")
