belay_fuzz(sse SOURCES sse.cpp LINKS belay::http)
