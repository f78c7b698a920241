// SPDX-License-Identifier: Apache-2.0
#pragma once
// 10 MB of JSON, parsed by nlohmann::json (Debian's nlohmann-json3-dev).
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace rows {

inline std::uint64_t json_parse() {
  static const std::string text = [] {
    std::string s = "[";
    for (int i = 0; s.size() < 10'000'000; ++i) {
      if (i != 0) s += ',';
      s += R"({"id":)" + std::to_string(i) + R"(,"name":"item )" + std::to_string(i * 7919) +
           R"(","price":)" + std::to_string(i * 0.25) + R"(,"tags":["a","b",true,null],"at":{"x":1,"y":-2}})";
    }
    return s + "]";
  }();
  return nlohmann::json::parse(text).size();
}

}  // namespace rows
