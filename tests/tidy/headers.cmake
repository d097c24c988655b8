# Every header must compile alone, and twice in a row. One small source per header, compiled by the
# build like any other, so that the work is parallel and what has not changed is not done again.
file(GLOB_RECURSE headers RELATIVE ${CMAKE_SOURCE_DIR}/src CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/*.h)
set(header_sources "")
foreach(header ${headers})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${header}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
  list(APPEND header_sources ${source})
endforeach()

# tideway_cli sees every other folder; which folder may see which is checked by layers_test.cc.
add_library(tideway_headers OBJECT EXCLUDE_FROM_ALL ${header_sources})
target_link_libraries(tideway_headers PRIVATE tideway_cli)
target_compile_options(tideway_headers PRIVATE -O0)

add_test(NAME tidy.headers_are_self_contained
         COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target tideway_headers)
set_tests_properties(tidy.headers_are_self_contained PROPERTIES LABELS tidy TIMEOUT 900)
