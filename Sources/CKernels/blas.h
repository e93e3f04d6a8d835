// Products of large matrices by the system's own library (OpenBLAS, Accelerate), which is loaded
// when a program first wants it.
//
// What it computes may differ in the last bits from the loops here, and from machine to machine; so
// whether it is asked depends on nothing but the sizes of a product and on whether it is there.

#ifndef DESCENT_BLAS_H
#define DESCENT_BLAS_H

#include "program.h"

/// Rows `from` up to `to` of all of a product's matrices.
void dk_blas_product(
    const struct dk_product *product, void *const *buffers, int element_size, int64_t from,
    int64_t to);

#endif
