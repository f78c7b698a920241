// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checks a JSON value against a JSON Schema: the keywords that docs/findings.schema.json uses, and no other
// (an unknown one is an error, so that the schema cannot ask for more than is checked).
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

namespace snag::test {

class schema_checker {
 public:
  explicit schema_checker(nlohmann::json schema) : root_(std::move(schema)) {}

  std::vector<std::string> check(const nlohmann::json& value) {
    errors_.clear();
    check(value, root_, "$");
    return errors_;
  }

 private:
  using json = nlohmann::json;

  void fail(const std::string& where, const std::string& what) { errors_.push_back(where + ": " + what); }

  static bool has_type(const json& v, const std::string& type) {
    if (type == "object") return v.is_object();
    if (type == "array") return v.is_array();
    if (type == "string") return v.is_string();
    if (type == "boolean") return v.is_boolean();
    if (type == "integer") return v.is_number_integer();
    if (type == "null") return v.is_null();
    return false;
  }

  void check(const json& v, const json& schema, const std::string& where) {
    for (const auto& [keyword, wanted] : schema.items()) {
      if (keyword == "$ref") {
        check(v, root_.at(json::json_pointer(wanted.get<std::string>().substr(1))), where);
      } else if (keyword == "type") {
        bool any = false;
        for (const json& t : wanted.is_array() ? wanted : json::array({wanted})) any = any || has_type(v, t);
        if (!any) fail(where, "is no " + wanted.dump());
      } else if (keyword == "required") {
        for (const json& name : wanted)
          if (!v.is_null() && !v.contains(name.get<std::string>())) fail(where, "lacks " + name.dump());
      } else if (keyword == "properties") {
        for (const auto& [name, property] : wanted.items())
          if (v.is_object() && v.contains(name)) check(v.at(name), property, where + "." + name);
      } else if (keyword == "additionalProperties") {
        for (const auto& [name, member] : v.items())
          if (wanted == false && !schema.at("properties").contains(name)) fail(where, "has unknown " + name);
      } else if (keyword == "items") {
        for (std::size_t i = 0; i < v.size(); ++i)
          check(v.at(i), wanted, where + "[" + std::to_string(i) + "]");
      } else if (keyword == "enum") {
        if (std::find(wanted.begin(), wanted.end(), v) == wanted.end())
          fail(where, v.dump() + " is not of the enum");
      } else if (keyword == "const") {
        if (v != wanted) fail(where, "is not " + wanted.dump());
      } else if (keyword == "pattern") {
        if (!v.is_string() || !std::regex_search(v.get<std::string>(), std::regex(wanted.get<std::string>())))
          fail(where, v.dump() + " does not match " + wanted.dump());
      } else if (keyword == "minimum") {
        if (v.is_number() && v < wanted) fail(where, "is below " + wanted.dump());
      } else if (keyword == "minItems") {
        if (v.size() < wanted) fail(where, "has too few items");
      } else if (keyword != "$schema" && keyword != "$id" && keyword != "title" && keyword != "description" &&
                 keyword != "$defs") {
        fail(where, "schema keyword not supported: " + keyword);
      }
    }
  }

  json root_;
  std::vector<std::string> errors_;
};

}  // namespace snag::test
