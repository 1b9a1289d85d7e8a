#include "atl/unpooling.h"

#include <algorithm>
#include <atomic>
#include <string>

#include "common/guard.h"
#include "common/layout.h"
#include "common/parallel.h"

namespace {

// Calls body(first element of x, first element of y, lanes) for each group of channels of each image that lie together.
template <class Body>
void for_each_group(const atl_unpooling& u, const Body& body) {
    const atl::LayoutView view(u.n, u.c, u.pixels, u.layout);
    const int64_t grain = atl::kElementGrain / std::max<int64_t>(1, (u.pixels + u.out_pixels) * view.block) + 1;
    atl::parallel_for(view.n * view.groups, grain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            body(i * u.pixels * view.block, i * u.out_pixels * view.block, view.block);
    });
}

void check(const atl_unpooling* u, const float* x, const float* mask, const float* y) {
    atl::require(u != nullptr, "unpooling is NULL");
    atl::require(u->n >= 0 && u->c >= 0 && u->pixels >= 0 && u->out_pixels >= 0, "a negative size");
    atl::checked_product("n x c x pixels", {u->n, u->c, u->pixels});
    atl::checked_product("n x c x out_pixels", {u->n, u->c, u->out_pixels});
    const bool empty = u->n * u->c == 0;
    atl::require(empty || u->pixels == 0 || (x != nullptr && mask != nullptr), "an array is NULL");
    atl::require(empty || u->out_pixels == 0 || y != nullptr, "an array is NULL");
}

constexpr int64_t kNone = -1, kRefused = -2;

int64_t place_of(float value, int64_t places) {
    if (value == -1.0f) return kNone;
    return value >= 0 && value < static_cast<float>(places) ? static_cast<int64_t>(value) : kRefused;
}

void refuse(float place, int64_t places) {
    throw atl::Error(ATL_INVALID_ARGUMENT,
        "the mask names place " + std::to_string(place) + ", the image has the places 0 to "
            + std::to_string(places - 1));
}

}  // namespace

extern "C" atl_status atl_unpooling_forward(
    const atl_unpooling* unpooling, const float* x, const float* mask, float* y) {
    return atl::guard([&] {
        check(unpooling, x, mask, y);
        const atl_unpooling u = *unpooling;
        std::atomic<bool> refused{false};
        std::atomic<float> culprit{0};
        for_each_group(u, [&](int64_t in, int64_t out, int64_t lanes) {
            std::fill_n(y + out, u.out_pixels * lanes, 0.0f);
            for (int64_t i = 0; i < u.pixels; ++i)
                for (int64_t l = 0; l < lanes; ++l) {
                    const int64_t at = in + i * lanes + l, place = place_of(mask[at], u.out_pixels);
                    if (place >= 0) {
                        y[out + place * lanes + l] = x[at];
                    } else if (place == kRefused) {
                        culprit = mask[at];
                        refused = true;
                    }
                }
        });
        if (refused) refuse(culprit, u.out_pixels);
    });
}

extern "C" atl_status atl_unpooling_backward(
    const atl_unpooling* unpooling, const float* dy, const float* mask, float* dx) {
    return atl::guard([&] {
        check(unpooling, dx, mask, dy);
        const atl_unpooling u = *unpooling;
        for_each_group(u, [&](int64_t in, int64_t out, int64_t lanes) {
            for (int64_t i = 0; i < u.pixels; ++i)
                for (int64_t l = 0; l < lanes; ++l) {
                    const int64_t at = in + i * lanes + l, place = place_of(mask[at], u.out_pixels);
                    dx[at] = place >= 0 ? dy[out + place * lanes + l] : 0.0f;
                }
        });
    });
}
