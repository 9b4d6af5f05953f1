belay_fuzz(state_file SOURCES state_file.cpp LINKS belay::state)
