belay_fuzz(json_reply SOURCES json_reply.cpp LINKS belay::base)
