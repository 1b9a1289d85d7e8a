// winograd.h's kernels for vectors of kLanes floats, which the including file sets, along with the instruction set that
// it is compiled for: nothing here may be shared with other files, and so all of it is local and the standard library
// stays out.
#include "cpu/winograd.h"

namespace {

using atl::winograd::Tiles;
using atl::winograd::Transforms;
using atl::winograd::Weights;

typedef float Vector __attribute__((vector_size(kLanes * sizeof(float)), aligned(sizeof(float)), may_alias));

inline Vector load(const float* p) { return *reinterpret_cast<const Vector*>(p); }

inline void store(float* p, Vector v) { *reinterpret_cast<Vector*>(p) = v; }

// The one-dimensional transforms of F(m, 3). Those of windows (input), products (output) and weights are B^T, A^T and
// G; the others are A and G^T.
template <int Tile>
struct Line;

// The points 0, 1, -1 and infinity.
template <>
struct Line<2> {
    static void input(const Vector (&d)[4], Vector (&t)[4]) {
        t[0] = d[0] - d[2];
        t[1] = d[1] + d[2];
        t[2] = d[2] - d[1];
        t[3] = d[3] - d[1];
    }
    static void output(const Vector (&t)[4], Vector (&y)[2]) {
        y[0] = t[0] + t[1] + t[2];
        y[1] = t[1] - t[2] + t[3];
    }
    static void gradient(const Vector (&y)[2], Vector (&t)[4]) {
        t[0] = y[0];
        t[1] = y[0] + y[1];
        t[2] = y[0] - y[1];
        t[3] = y[1];
    }
    static void weights(const Vector (&g)[3], Vector (&t)[4]) {
        const Vector even = 0.5f * (g[0] + g[2]), odd = 0.5f * g[1];
        t[0] = g[0];
        t[1] = even + odd;
        t[2] = even - odd;
        t[3] = g[2];
    }
    static void weight_gradient(const Vector (&t)[4], Vector (&g)[3]) {
        const Vector sum = 0.5f * (t[1] + t[2]);
        g[0] = t[0] + sum;
        g[1] = 0.5f * (t[1] - t[2]);
        g[2] = sum + t[3];
    }
};

// The points 0, a, -a, b, -b and infinity.
template <>
struct Line<4> {
    static constexpr float a = kPointA, b = kPointB, aa = a * a, bb = b * b;
    static constexpr float n = 1 / (aa * bb), na = 1 / (2 * aa * (aa - bb)), nb = 1 / (2 * bb * (bb - aa));

    static void input(const Vector (&d)[6], Vector (&t)[6]) {
        const Vector even_a = d[4] - bb * d[2], odd_a = d[3] - bb * d[1], even_b = d[4] - aa * d[2],
                     odd_b = d[3] - aa * d[1];
        t[0] = d[4] - (aa + bb) * d[2] + aa * bb * d[0];
        t[1] = even_a + a * odd_a;
        t[2] = even_a - a * odd_a;
        t[3] = even_b + b * odd_b;
        t[4] = even_b - b * odd_b;
        t[5] = d[5] - (aa + bb) * d[3] + aa * bb * d[1];
    }
    static void output(const Vector (&t)[6], Vector (&y)[4]) {
        const Vector even_a = t[1] + t[2], odd_a = t[1] - t[2], even_b = t[3] + t[4], odd_b = t[3] - t[4];
        y[0] = t[0] + even_a + even_b;
        y[1] = a * odd_a + b * odd_b;
        y[2] = aa * even_a + bb * even_b;
        y[3] = t[5] + aa * a * odd_a + bb * b * odd_b;
    }
    static void gradient(const Vector (&y)[4], Vector (&t)[6]) {
        const Vector even_a = y[0] + aa * y[2], odd_a = a * y[1] + aa * a * y[3], even_b = y[0] + bb * y[2],
                     odd_b = b * y[1] + bb * b * y[3];
        t[0] = y[0];
        t[1] = even_a + odd_a;
        t[2] = even_a - odd_a;
        t[3] = even_b + odd_b;
        t[4] = even_b - odd_b;
        t[5] = y[3];
    }
    static void weights(const Vector (&g)[3], Vector (&t)[6]) {
        const Vector even_a = na * (g[0] + aa * g[2]), odd_a = na * a * g[1], even_b = nb * (g[0] + bb * g[2]),
                     odd_b = nb * b * g[1];
        t[0] = n * g[0];
        t[1] = even_a + odd_a;
        t[2] = even_a - odd_a;
        t[3] = even_b + odd_b;
        t[4] = even_b - odd_b;
        t[5] = g[2];
    }
    static void weight_gradient(const Vector (&t)[6], Vector (&g)[3]) {
        const Vector even_a = na * (t[1] + t[2]), odd_a = na * (t[1] - t[2]), even_b = nb * (t[3] + t[4]),
                     odd_b = nb * (t[3] - t[4]);
        g[0] = n * t[0] + even_a + even_b;
        g[1] = a * odd_a + b * odd_b;
        g[2] = aa * even_a + bb * even_b + t[5];
    }
};

// out = L in L^T for a one-dimensional transform L from `From` to `To` values; get(i, j) gives the values, put(i, j,
// value) takes the results.
template <int From, int To, class Get, class Put>
inline void both_ways(void (*line)(const Vector (&)[From], Vector (&)[To]), const Get& get, const Put& put) {
    Vector half[To][From];
#pragma GCC unroll 8
    for (int j = 0; j < From; ++j) {
        Vector in[From], out[To];
#pragma GCC unroll 8
        for (int i = 0; i < From; ++i) in[i] = get(i, j);
        line(in, out);
#pragma GCC unroll 8
        for (int i = 0; i < To; ++i) half[i][j] = out[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < To; ++i) {
        Vector out[To];
        line(half[i], out);
#pragma GCC unroll 8
        for (int j = 0; j < To; ++j) put(i, j, out[j]);
    }
}

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// Calls body(image, row, column, t) for tiles first to last - 1.
template <class Body>
inline void each_tile(const Tiles& tiles, int64_t first, int64_t last, const Body& body) {
    int64_t column = first % tiles.columns, row = first / tiles.columns % tiles.rows,
            image = first / tiles.columns / tiles.rows;
    for (int64_t t = first; t < last; ++t) {
        body(image, row, column, t - first);
        if (++column < tiles.columns) continue;
        column = 0;
        if (++row < tiles.rows) continue;
        row = 0;
        ++image;
    }
}

// A square of an image, or a copy of it with zeros for what lies outside.
template <int Size>
class Square {
public:
    Square(const Tiles& tiles, const float* x, int64_t top, int64_t left) {
        if (top >= 0 && left >= 0 && top + Size <= tiles.height && left + Size <= tiles.width) {
            first_ = x + (top * tiles.width + left) * kLanes;
            row_ = tiles.width * kLanes;
            return;
        }
        first_ = copy_;
        row_ = Size * kLanes;
        for (int64_t i = 0; i < Size; ++i)
            for (int64_t j = 0; j < Size; ++j) {
                const int64_t h = top + i, w = left + j;
                const bool inside = h >= 0 && h < tiles.height && w >= 0 && w < tiles.width;
                store(copy_ + (i * Size + j) * kLanes, inside ? load(x + (h * tiles.width + w) * kLanes) : Vector{});
            }
    }
    Vector at(int i, int j) const { return load(first_ + i * row_ + j * kLanes); }

private:
    const float* first_;
    int64_t row_;
    float copy_[Size * Size * kLanes];
};

template <int Tile>
void input(const Tiles& tiles, const float* x, int64_t first, int64_t last, float* v, int64_t point_step) {
    constexpr int kSize = Tile + 2;
    each_tile(tiles, first, last, [&](int64_t image, int64_t row, int64_t column, int64_t t) {
        const Square<kSize> window(
            tiles, x + image * tiles.step, row * Tile - tiles.pad_h, column * Tile - tiles.pad_w);
        float* to = v + t * kLanes;
        both_ways<kSize, kSize>(
            Line<Tile>::input, [&](int i, int j) { return window.at(i, j); },
            [&](int i, int j, Vector value) { store(to + (i * kSize + j) * point_step, value); });
    });
}

template <int Tile>
void output(
    const Tiles& tiles, const float* m, int64_t point_step, const float* bias, int64_t first, int64_t last, float* y) {
    constexpr int kSize = Tile + 2;
    const Vector shift = bias == nullptr ? Vector{} : load(bias);
    each_tile(tiles, first, last, [&](int64_t image, int64_t row, int64_t column, int64_t t) {
        const float* from = m + t * kLanes;
        float* to = y + image * tiles.step + (row * Tile * tiles.width + column * Tile) * kLanes;
        const auto get = [&](int i, int j) { return load(from + (i * kSize + j) * point_step); };
        const int64_t height = tiles.height - row * Tile, width = tiles.width - column * Tile;
        if (height >= Tile && width >= Tile)
            both_ways<kSize, Tile>(Line<Tile>::output, get,
                [&](int i, int j, Vector value) { store(to + (i * tiles.width + j) * kLanes, value + shift); });
        else
            both_ways<kSize, Tile>(Line<Tile>::output, get, [&](int i, int j, Vector value) {
                if (i < height && j < width) store(to + (i * tiles.width + j) * kLanes, value + shift);
            });
    });
}

template <int Tile>
void gradient(
    const Tiles& tiles, const float* dy, int64_t first, int64_t last, float* m, int64_t point_step, float* sums) {
    constexpr int kSize = Tile + 2;
    Vector sum{};
    each_tile(tiles, first, last, [&](int64_t image, int64_t row, int64_t column, int64_t t) {
        const Square<Tile> square(tiles, dy + image * tiles.step, row * Tile, column * Tile);
        float* to = m + t * kLanes;
        Vector part{};
        both_ways<Tile, kSize>(
            Line<Tile>::gradient,
            [&](int i, int j) {
                const Vector value = square.at(i, j);
                part += value;
                return value;
            },
            [&](int i, int j, Vector value) { store(to + (i * kSize + j) * point_step, value); });
        sum += part;
    });
    if (sums != nullptr) store(sums, load(sums) + sum);
}

constexpr int kPlaces = 9;

template <int Tile>
void weights(const Weights& shape, const float* w, int64_t first, int64_t last, float* u, int64_t point_step) {
    constexpr int kSize = Tile + 2;
    for (int64_t channel = first; channel < last; ++channel) {
        float places[kPlaces * kLanes];
        for (int64_t lane = 0; lane < kLanes; ++lane) {
            const float* from = w + lane * shape.out_step + channel * shape.in_step;
            for (int64_t place = 0; place < kPlaces; ++place)
                places[(shape.turned ? kPlaces - 1 - place : place) * kLanes + lane] = from[place];
        }
        float* to = u + channel * kLanes;
        both_ways<3, kSize>(
            Line<Tile>::weights, [&](int i, int j) { return load(places + (i * 3 + j) * kLanes); },
            [&](int i, int j, Vector value) { store(to + (i * kSize + j) * point_step, value); });
    }
}

template <int Tile>
void weight_gradient(
    const Weights& shape, const float* du, int64_t point_step, int64_t first, int64_t last, float* dw) {
    constexpr int kSize = Tile + 2;
    for (int64_t channel = first; channel < last; ++channel) {
        float places[kPlaces * kLanes];
        const float* from = du + channel * kLanes;
        both_ways<kSize, 3>(
            Line<Tile>::weight_gradient, [&](int i, int j) { return load(from + (i * kSize + j) * point_step); },
            [&](int i, int j, Vector value) { store(places + (i * 3 + j) * kLanes, value); });
        for (int64_t lane = 0; lane < kLanes; ++lane) {
            float* to = dw + lane * shape.out_step + channel * shape.in_step;
            for (int64_t place = 0; place < kPlaces; ++place) to[place] += places[place * kLanes + lane];
        }
    }
}

template <int Rows, int Blocks>
void product_of(
    int64_t in_blocks, const float* v, int64_t v_step, const float* u, int64_t u_step, float* m, int64_t m_step) {
    Vector sums[Rows][Blocks] = {};
    for (int64_t block = 0; block < in_blocks; ++block) {
        for (int64_t channel = 0; channel < kLanes; ++channel) {
            Vector weight[Blocks];
#pragma GCC unroll 2
            for (int b = 0; b < Blocks; ++b) weight[b] = load(u + b * u_step);
            u += kLanes;
#pragma GCC unroll 16
            for (int row = 0; row < Rows; ++row) {
                const float value = v[row * kLanes + channel];
#pragma GCC unroll 2
                for (int b = 0; b < Blocks; ++b) sums[row][b] += value * weight[b];
            }
        }
        v += v_step;
    }
#pragma GCC unroll 16
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 2
        for (int b = 0; b < Blocks; ++b) store(m + b * m_step + row * kLanes, sums[row][b]);
}

template <int Rows>
void product_rows(int64_t rows, int64_t blocks, int64_t in_blocks, const float* v, int64_t v_step, const float* u,
    int64_t u_step, float* m, int64_t m_step) {
    if constexpr (Rows > 1)
        if (rows < Rows) return product_rows<Rows - 1>(rows, blocks, in_blocks, v, v_step, u, u_step, m, m_step);
    if (blocks == 2) product_of<Rows, 2>(in_blocks, v, v_step, u, u_step, m, m_step);
    else product_of<Rows, 1>(in_blocks, v, v_step, u, u_step, m, m_step);
}

// Rows are cut into parts of nearly the same length, since short ones are slow.
void product(int64_t rows, int64_t blocks, int64_t in_blocks, const float* v, int64_t v_step, const float* u,
    int64_t u_step, float* m, int64_t m_step) {
    const int64_t parts = (rows + kRows - 1) / kRows;
    for (int64_t part = 0; part < parts; ++part) {
        const int64_t begin = rows * part / parts, end = rows * (part + 1) / parts;
        product_rows<kRows>(
            end - begin, blocks, in_blocks, v + begin * kLanes, v_step, u, u_step, m + begin * kLanes, m_step);
    }
}

template <int Blocks>
void outer_product_of(int64_t rows, const float* v, const float* m, int64_t m_step, float* du, int64_t du_step) {
    for (int first = 0; first < kLanes; first += kChannels) {
        Vector sums[kChannels][Blocks];
        float* const to = du + first * kLanes;
#pragma GCC unroll 16
        for (int c = 0; c < kChannels; ++c)
#pragma GCC unroll 2
            for (int b = 0; b < Blocks; ++b) sums[c][b] = load(to + b * du_step + c * kLanes);
        const float *left = v + first, *right = m;
        for (int64_t row = 0; row < rows; ++row) {
            Vector gradients[Blocks];
#pragma GCC unroll 2
            for (int b = 0; b < Blocks; ++b) gradients[b] = load(right + b * m_step);
#pragma GCC unroll 16
            for (int c = 0; c < kChannels; ++c) {
                const float value = left[c];
#pragma GCC unroll 2
                for (int b = 0; b < Blocks; ++b) sums[c][b] += value * gradients[b];
            }
            left += kLanes;
            right += kLanes;
        }
#pragma GCC unroll 16
        for (int c = 0; c < kChannels; ++c)
#pragma GCC unroll 2
            for (int b = 0; b < Blocks; ++b) store(to + b * du_step + c * kLanes, sums[c][b]);
    }
}

void outer_product(
    int64_t rows, int64_t blocks, const float* v, const float* m, int64_t m_step, float* du, int64_t du_step) {
    if (blocks == 2) outer_product_of<2>(rows, v, m, m_step, du, du_step);
    else outer_product_of<1>(rows, v, m, m_step, du, du_step);
}

template <int Tile>
constexpr Transforms transforms() {
    return {
        Tile, (Tile + 2) * (Tile + 2), input<Tile>, output<Tile>, gradient<Tile>, weights<Tile>, weight_gradient<Tile>};
}

constexpr atl::winograd::Kernels kernels() {
    return {kLanes, kRows, transforms<2>(), transforms<4>(), product, outer_product};
}

}  // namespace
