#pragma once

#include <optional>
#include <string>

#include "compiler/catalog/context.h"

namespace linenc::catalog {

// The axis that a map (vmap) adds bears a name inside of it; collectives bring together what stands along it.

// While it lives, the bodies of a map run. A name that an outer map has too means this one.
class MapScope {
 public:
  MapScope(Context& context, std::optional<std::string> axis_name, const Dim& size);
  ~MapScope();
  MapScope(const MapScope&) = delete;
  MapScope& operator=(const MapScope&) = delete;
  // For vectorize().
  [[nodiscard]] std::uint32_t number() const { return number_; }

 private:
  Context& context_;
  std::uint32_t number_;
  bool named_;
};

// The innermost map with an axis of that name, or null.
[[nodiscard]] const Context::NamedAxis* find_axis(const Context& context, const std::string& name);
// lax.pmean: the mean of x along the axis, for every element of the map the same.
[[nodiscard]] Tensor pmean(Context& context, Tensor x, const Context::NamedAxis& axis);

}  // namespace linenc::catalog
