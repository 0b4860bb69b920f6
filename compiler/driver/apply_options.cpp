// What the options of `linenc apply` mean, whoever has them.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/apply_options.h"

#include <algorithm>

#include "compiler/driver/command.h"

namespace linenc::driver {

catalog::Filter parse_mutable(const std::string& text) {
  if (text == "all" || text == "true") return {true, {}};
  catalog::Filter filter;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) filter.names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return filter;
}

elaborate::RunRequest apply_request(const std::string& method, const std::string& mutable_collections,
                                    const std::map<std::string, std::int64_t>& sizes, const Seeds& seeds, const GivenInputs& given) {
  elaborate::RunRequest request;
  request.initializing = false;
  request.method = method;
  request.mutable_collections = parse_mutable(mutable_collections);
  for (const auto& [name, size] : sizes) request.sizes.emplace(name, size);
  for (const auto& [stream, seed] : seeds) request.streams.push_back(stream);
  given.put_into(request);
  return request;
}

void stop_on_missing_input(std::string_view path, std::string_view type) {
  stop(Exit::CannotDo, concat("the input `", path, ": ", type, "` is missing: give a file, or `-i ", path, "=zeros`"));
}

}  // namespace linenc::driver
