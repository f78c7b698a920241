# SPDX-License-Identifier: Apache-2.0
# (%vetxx: the checks of the source alone.) %snagxx and %snagcc compile as `snag c++ -race` and `snag cc -race` do; %link adds the logging hooks.
import os

import lit.formats

config.name = "plugin"
config.suffixes = [".cpp", ".c", ".test"]
config.excludes = ["Inputs", "support"]
config.test_format = lit.formats.ShTest(True)
if lit_config.params.get("long"):
    config.available_features.add("long")

instrumented = (
    " -fplugin=" + config.plugin +
    " -gline-tables-only -fno-discard-value-names -fno-omit-frame-pointer -fstack-clash-protection"
    " -I" + config.test_source_root + "/support"
)
config.substitutions += [
    ("%snagxx", config.clangxx + " -std=c++20" + instrumented),
    ("%snagcc", config.clang + instrumented),
    # Only the checks of the source (clang-plugin/vet).
    ("%vetxx", config.clangxx + " -std=c++20 -fsyntax-only -fplugin=" + config.plugin + " -fplugin-arg-snag-vet-only -I" +
     config.snag_root + "/runtime/include"),
    ("%clangxx", config.clangxx),
    ("%plainxx", config.clangxx + " -std=c++20 -I" + config.test_source_root + "/support"),
    ("%clang", config.clang),
    ("%plugin", config.plugin),
    ("%link", config.hooks + " -ldl -lpthread -Wl,-z,now -Wl,--export-dynamic"),
    ("%inputs", config.test_source_root + "/Inputs"),
    ("%root", config.snag_root),
]
config.environment["PATH"] = config.llvm_tools + os.pathsep + os.environ["PATH"]
