#include "program.hpp"

int main(int argc, char** argv) { return belay::cli::program(argc, argv); }
