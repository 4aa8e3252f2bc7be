#include "compiler/builtin.h"

const struct builtin builtins[] = {
#include "std.inc"
    {NULL, NULL, 0},
};
