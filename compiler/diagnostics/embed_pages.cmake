# Writes OUTPUT, a .cpp that holds every page of the folder PAGES as a string:
#   cmake -DPAGES=compiler/diagnostics/pages -DOUTPUT=pages.cpp -P embed_pages.cmake
file(GLOB pages ${PAGES}/*.md)
list(SORT pages)
set(rows "")
foreach(page IN LISTS pages)
  get_filename_component(number ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND rows "  if (number == \"${number}\") return R\"page(${text})page\";\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by compiler/diagnostics/embed_pages.cmake.
#include \"compiler/diagnostics/pages.h\"

namespace linenc::diagnostics {

std::string_view embedded_page(std::string_view number) {
${rows}  return {};
}

}  // namespace linenc::diagnostics
")
