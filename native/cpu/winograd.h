// The parts of Winograd's convolution of 3 x 3 windows, one implementation for each instruction set.
// convolution_winograd.cpp puts them together.
//
// F(m x m, 3 x 3) computes a tile of m x m outputs from a window of s x s inputs, s = m + 2, by s^2 products a pair of
// channels instead of 9 m^2:
//     y = A^T [(G w G^T) * (B^T x B)] A
// where * multiplies each of the s^2 points apart; summed over channels it is one matrix product a point. The gradients
// are the transposes:
//     dx by the same with w turned by 180 degrees and its channels exchanged, dw = G^T [(A dy A^T) * (B^T x B)] G
// summed over tiles. (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks. CVPR 2016.)
//
// Transformed arrays lie as [point][block of channels][row][lane], `lanes` channels to a block; a row is a tile, or an
// input channel of the weights.
#pragma once

#include <cstdint>

#include "atl/convolution.h"

namespace atl {
struct ConvolutionShape;
}

namespace atl::winograd {

// The images that tiles are cut from, blocks of channels apart: image n's block starts at n * step. Tile t lies in
// image t / (rows * columns).
struct Tiles {
    int64_t height, width, step;
    int64_t rows, columns;  // of tiles in an image
    int64_t pad_h, pad_w;   // what windows of inputs start before their tile
};

// How far apart the parts of a transformed array lie, in floats.
struct Steps {
    int64_t point, block;
};

// The weights of an array of out x in x 3 x 3, or of one that is read so: w[out * out_step + in * in_step + place].
struct Weights {
    int64_t out_step, in_step;
    bool turned;  // by 180 degrees
};

// For one size of tiles.
struct Transforms {
    int64_t tile, points;
    // The windows of tiles first to last - 1 of one block of channels, to rows 0, 1, ...
    void (*input)(const Tiles& tiles, const float* x, int64_t first, int64_t last, float* v, int64_t point_step);
    // The outputs of these tiles from rows 0, 1, ... of one block, with the biases of the block (or NULL).
    void (*output)(const Tiles& tiles, const float* m, int64_t point_step, const float* bias, int64_t first,
        int64_t last, float* y);
    // The gradients of these tiles, as the products for the weights want them; sums[lane] += the sum of dy where it is
    // not NULL.
    void (*gradient)(
        const Tiles& tiles, const float* dy, int64_t first, int64_t last, float* m, int64_t point_step, float* sums);
    // One block of output channels of the weights, input channels first to last - 1, to the rows of these numbers.
    void (*weights)(const Weights& shape, const float* w, int64_t first, int64_t last, float* u, int64_t point_step);
    // The way back, added: a row is an input channel.
    void (*weight_gradient)(
        const Weights& shape, const float* du, int64_t point_step, int64_t first, int64_t last, float* dw);
};

struct Kernels {
    int64_t lanes;
    int64_t rows;  // that one product takes best
    Transforms two, four;
    // m = v u for one point: `rows` rows of v by `blocks` (1 or 2) blocks of output channels; v has in_blocks blocks.
    void (*product)(int64_t rows, int64_t blocks, int64_t in_blocks, const float* v, int64_t v_step, const float* u,
        int64_t u_step, float* m, int64_t m_step);
    // du += v^T m for one point, over `rows` tiles: all channels of one block of v by `blocks` (1 or 2) blocks of m.
    void (*outer_product)(
        int64_t rows, int64_t blocks, const float* v, const float* m, int64_t m_step, float* du, int64_t du_step);
};

extern const Kernels avx2_kernels, avx512_kernels;

// The kernels for this machine; NULL where there are none.
const Kernels* machine_kernels();

// Whether a convolution can be computed so: windows of 3 x 3 one apart over two spatial axes, channels in whole blocks,
// layouts free to choose.
bool computes(const ConvolutionShape& shape, const Kernels& kernels);

// Whether a pass of it is faster so than directly, as far as its shape tells, so that every run chooses the same.
bool pays(const ConvolutionShape& shape, atl_convolution_pass pass, const Kernels& kernels);

}  // namespace atl::winograd
