// What Swift sees of the numeric kernels.

#ifndef DESCENT_CKERNELS_H
#define DESCENT_CKERNELS_H

#include "kernels.h"
#include "program.h"

#endif
