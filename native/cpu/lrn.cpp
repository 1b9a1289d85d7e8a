#include "atl/lrn.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "common/layout.h"
#include "common/parallel.h"
#include "common/vector_math.h"

namespace {

struct Coefficients {
    int64_t size;  // of the window along one axis
    float alpha;   // divided by the number of elements of a window
    float beta, k;
};

Coefficients checked(int64_t size, int axes, float alpha, float beta, float k) {
    atl::require(size >= 1 && size % 2 == 1 && size <= INT32_MAX, "the window's size must be odd, and below 2^31");
    return {size, alpha / static_cast<float>(axes == 1 ? size : size * size), beta, k};
}

// Two negative sizes have a product that none is seen in.
int64_t pixels(int64_t height, int64_t width) {
    atl::require(height >= 0 && width >= 0, "a negative size");
    return atl::checked_product("height x width", {height, width});
}

// s^-beta for s > 0; the exponents of published nets by square roots.
void negative_power(int64_t count, float beta, const float* s, float* p) {
    if (beta == 0.75f) {
        for (int64_t i = 0; i < count; ++i) {
            const float root = std::sqrt(s[i]);
            p[i] = 1.0f / (root * std::sqrt(root));
        }
    } else if (beta == 0.5f) {
        for (int64_t i = 0; i < count; ++i) p[i] = 1.0f / std::sqrt(s[i]);
    } else {
        for (int64_t i = 0; i < count; ++i) p[i] = atl::vm::exp(-beta * atl::vm::log(s[i]));
    }
}

// out[i] = the sum of padded[i + j stride] over 0 <= j < size.
void window_sums(int64_t count, int64_t size, int64_t stride, const float* padded, float* out) {
    std::copy(padded, padded + count, out);
    for (int64_t j = 1; j < size; ++j) {
        const float* shifted = padded + j * stride;
        for (int64_t i = 0; i < count; ++i) out[i] += shifted[i];
    }
}

// How far a window of `size` reaches to each side before it has all of an axis: beyond are zeros, which cost memory and
// change nothing.
int64_t reach(int64_t size, int64_t extent) { return std::min(size / 2, std::max<int64_t>(extent - 1, 0)); }

// One thread's buffers for one item.
struct Scratch {
    std::vector<float> padded, rows, x, dy, t, s, p, sums;
    explicit Scratch(int64_t count) {
        for (std::vector<float>* buffer : {&x, &dy, &t, &s, &p, &sums}) buffer->resize(static_cast<size_t>(count));
    }
};

// Across channels. An item is some neighbouring positions (kTile in the plain layout, else one) with all of their
// channels, gathered channel by channel, so that the elements of a window lie `width` apart.
class Across {
public:
    Across(int64_t n, int64_t c, int64_t spatial, atl_layout layout, int64_t size)
        : v_(n, c, spatial, layout),
          channels_(c),
          tile_(v_.block == 1 ? std::min(kTile, std::max<int64_t>(1, spatial)) : 1),
          tiles_((spatial + tile_ - 1) / tile_),
          half_(reach(size, c)) {}

    int64_t items() const { return v_.n * tiles_; }
    int64_t most() const { return channels_ * tile_; }
    int64_t count(int64_t item) const { return channels_ * width(item); }

    void gather(int64_t item, const float* from, float* to) const {
        visit(item, [=](int64_t at, int64_t i) { to[i] = from[at]; });
    }

    void scatter(int64_t item, const float* from, float* to) const {
        visit(item, [=](int64_t at, int64_t i) { to[at] = from[i]; });
    }

    void windows(int64_t item, const float* values, Scratch& scratch, float* out) const {
        const int64_t margin = half_ * width(item), size = count(item);
        scratch.padded.assign(static_cast<size_t>(size + 2 * margin), 0.0f);
        std::copy(values, values + size, scratch.padded.data() + margin);
        window_sums(size, 2 * half_ + 1, width(item), scratch.padded.data(), out);
    }

private:
    static constexpr int64_t kTile = 64;

    int64_t width(int64_t item) const { return std::min(tile_, v_.spatial - item % tiles_ * tile_); }

    template <class F>
    void visit(int64_t item, const F& f) const {
        const int64_t image = item / tiles_, first = item % tiles_ * tile_, columns = width(item);
        for (int64_t group = 0; group < v_.groups; ++group) {
            const int64_t base = ((image * v_.groups + group) * v_.spatial + first) * v_.block,
                          run = v_.block == 1 ? columns : v_.block;
            for (int64_t i = 0; i < run; ++i) f(base + i, group * run + i);
        }
    }

    atl::LayoutView v_;
    int64_t channels_, tile_, tiles_, half_;
};

// Within a channel. An item is one image of the channels that lie side by side; windows are summed along rows, then
// along columns.
class Within {
public:
    Within(int64_t n, int64_t c, int64_t height, int64_t width, atl_layout layout, int64_t size)
        : v_(n, c, pixels(height, width), layout),
          height_(height),
          row_(width * v_.block),
          across_(reach(size, width)),
          down_(reach(size, height)) {}

    int64_t items() const { return v_.n * v_.groups; }
    int64_t most() const { return height_ * row_; }
    int64_t count(int64_t) const { return most(); }

    void gather(int64_t item, const float* from, float* to) const {
        std::copy(from + item * most(), from + (item + 1) * most(), to);
    }
    void scatter(int64_t item, const float* from, float* to) const {
        std::copy(from, from + most(), to + item * most());
    }

    void windows(int64_t, const float* values, Scratch& scratch, float* out) const {
        const int64_t margin = across_ * v_.block;
        scratch.padded.assign(static_cast<size_t>(row_ + 2 * margin), 0.0f);
        scratch.rows.assign(static_cast<size_t>((height_ + 2 * down_) * row_), 0.0f);
        for (int64_t h = 0; h < height_; ++h) {
            std::copy(values + h * row_, values + (h + 1) * row_, scratch.padded.data() + margin);
            window_sums(
                row_, 2 * across_ + 1, v_.block, scratch.padded.data(), scratch.rows.data() + (down_ + h) * row_);
        }
        window_sums(most(), 2 * down_ + 1, row_, scratch.rows.data(), out);
    }

private:
    atl::LayoutView v_;
    int64_t height_, row_, across_, down_;
};

template <class Region, class Body>
void for_items(const Region& region, const Body& body) {
    // Items without elements may be more than can be counted in a lifetime.
    if (region.most() == 0) return;
    const int64_t grain = std::max<int64_t>(1, atl::kElementGrain / 4 / region.most());
    atl::parallel_for(region.items(), grain, [&](int64_t begin, int64_t end) {
        Scratch scratch(region.most());
        for (int64_t item = begin; item < end; ++item) body(item, region.count(item), scratch);
    });
}

// scratch.x, scratch.s and scratch.p = s^-beta of one item.
template <class Region>
void scales(
    const Region& region, const Coefficients& f, int64_t item, int64_t count, const float* x, Scratch& scratch) {
    float *values = scratch.x.data(), *squares = scratch.t.data(), *s = scratch.s.data();
    region.gather(item, x, values);
    for (int64_t i = 0; i < count; ++i) squares[i] = values[i] * values[i];
    region.windows(item, squares, scratch, s);
    for (int64_t i = 0; i < count; ++i) s[i] = f.k + f.alpha * s[i];
    negative_power(count, f.beta, s, scratch.p.data());
}

template <class Region>
void forward(const Region& region, const Coefficients& f, const float* x, float* y) {
    atl::require(region.items() * region.most() == 0 || (x != nullptr && y != nullptr), "an array is NULL");
    for_items(region, [&](int64_t item, int64_t count, Scratch& scratch) {
        scales(region, f, item, count, x, scratch);
        float* out = scratch.t.data();
        for (int64_t i = 0; i < count; ++i)
            out[i] = scratch.x[static_cast<size_t>(i)] * scratch.p[static_cast<size_t>(i)];
        region.scatter(item, out, y);
    });
}

template <class Region>
void backward(const Region& region, const Coefficients& f, const float* x, const float* dy, float* dx) {
    atl::require(
        region.items() * region.most() == 0 || (x != nullptr && dy != nullptr && dx != nullptr), "an array is NULL");
    const float factor = 2 * f.alpha * f.beta;
    for_items(region, [&](int64_t item, int64_t count, Scratch& scratch) {
        scales(region, f, item, count, x, scratch);
        region.gather(item, dy, scratch.dy.data());
        const float *values = scratch.x.data(), *top = scratch.dy.data(), *s = scratch.s.data(), *p = scratch.p.data();
        float *t = scratch.t.data(), *sums = scratch.sums.data();
        for (int64_t i = 0; i < count; ++i) t[i] = top[i] * values[i] * p[i] / s[i];
        region.windows(item, t, scratch, sums);
        for (int64_t i = 0; i < count; ++i) t[i] = top[i] * p[i] - factor * values[i] * sums[i];
        region.scatter(item, t, dx);
    });
}

// Calls body(region, coefficients) with the windows of a normalisation.
template <class Body>
void with_windows(const atl_lrn* lrn, const Body& body) {
    atl::require(lrn != nullptr, "the description is NULL");
    const auto& [n, channels, height, width, layout, within, size, alpha, beta, k] = *lrn;
    if (within != 0) body(Within(n, channels, height, width, layout, size), checked(size, 2, alpha, beta, 1));
    else body(Across(n, channels, pixels(height, width), layout, size), checked(size, 1, alpha, beta, k));
}

}  // namespace

extern "C" atl_status atl_lrn_forward(const atl_lrn* lrn, const float* x, float* y) {
    return atl::guard(
        [&] { with_windows(lrn, [&](const auto& region, const Coefficients& f) { forward(region, f, x, y); }); });
}

extern "C" atl_status atl_lrn_backward(const atl_lrn* lrn, const float* x, const float* dy, float* dx) {
    return atl::guard(
        [&] { with_windows(lrn, [&](const auto& region, const Coefficients& f) { backward(region, f, x, dy, dx); }); });
}
