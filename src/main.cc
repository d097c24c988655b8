#include "cli/command_line.h"

int main(int argc, char** argv) { return tideway::cli::run(argc, argv); }
