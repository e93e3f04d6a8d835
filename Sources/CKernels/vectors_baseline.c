// The array loops for what every processor of the architecture has.

#include "scalar.h"
#include "vectors_private.h"

#define ISA baseline
#define ROWS 2
#define WIDTH 1
#include "vectors_isa.h"
