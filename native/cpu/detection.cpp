#include "atl/detection.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/guard.h"

namespace {

struct Box {
    float x1, y1, x2, y2;
};

struct Detection {
    float score;
    int64_t label, prior;
};

Box decode(const atl_detection& d, const float* t, const float* p, const float* variance) {
    float v[4] = {1, 1, 1, 1};
    if (d.variance_encoded == 0) std::copy(variance, variance + 4, v);
    const float w = p[2] - p[0], h = p[3] - p[1];
    switch (d.code) {
        case ATL_BOX_CODE_CORNER:
            return {p[0] + v[0] * t[0], p[1] + v[1] * t[1], p[2] + v[2] * t[2], p[3] + v[3] * t[3]};
        case ATL_BOX_CODE_CORNER_SIZE:
            return {p[0] + v[0] * t[0] * w, p[1] + v[1] * t[1] * h, p[2] + v[2] * t[2] * w, p[3] + v[3] * t[3] * h};
        default: {
            const float cx = (p[0] + p[2]) / 2 + v[0] * t[0] * w, cy = (p[1] + p[3]) / 2 + v[1] * t[1] * h;
            const float half_w = std::exp(v[2] * t[2]) * w / 2, half_h = std::exp(v[3] * t[3]) * h / 2;
            return {cx - half_w, cy - half_h, cx + half_w, cy + half_h};
        }
    }
}

float area(const Box& box) { return box.x2 < box.x1 || box.y2 < box.y1 ? 0 : (box.x2 - box.x1) * (box.y2 - box.y1); }

float overlap(const Box& a, const Box& b) {
    const float w = std::min(a.x2, b.x2) - std::max(a.x1, b.x1), h = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
    if (!(w > 0 && h > 0)) return 0;
    const float both = w * h;
    return both / (area(a) + area(b) - both);
}

// Stable, so that of equal scores the earlier prior comes first and results are the same everywhere.
void keep_best(std::vector<Detection>& found, int64_t most) {
    std::stable_sort(
        found.begin(), found.end(), [](const Detection& a, const Detection& b) { return a.score > b.score; });
    if (most >= 0 && static_cast<int64_t>(found.size()) > most) found.resize(static_cast<size_t>(most));
}

// Goes through the class's boxes from the best on and adds those to `kept` that overlap none of the class's kept ones
// too much.
void suppress(const atl_detection& d, const float* conf, const Box* boxes, int64_t boxes_a_prior, int64_t label,
    std::vector<Detection>& kept) {
    std::vector<Detection> candidates;
    for (int64_t p = 0; p < d.priors; ++p)
        if (conf[p * d.classes + label] > d.score_threshold)
            candidates.push_back({conf[p * d.classes + label], label, p});
    keep_best(candidates, d.top_k);
    const size_t first = kept.size();
    float threshold = d.nms_threshold;
    for (const Detection& candidate : candidates) {
        const Box& box = boxes[candidate.prior * boxes_a_prior];
        const bool covered = std::any_of(kept.begin() + static_cast<std::ptrdiff_t>(first), kept.end(),
            [&](const Detection& better) { return overlap(box, boxes[better.prior * boxes_a_prior]) > threshold; });
        if (covered) continue;
        kept.push_back(candidate);
        if (d.eta < 1 && threshold > 0.5f) threshold *= d.eta;
    }
}

}  // namespace

extern "C" atl_status atl_detection_forward(const atl_detection* detection, const float* loc, const float* conf,
    const float* prior, int64_t capacity, float* rows, int64_t* count) {
    return atl::guard([&] {
        atl::require(detection != nullptr && count != nullptr, "an argument is NULL");
        const atl_detection& d = *detection;
        atl::require(d.images >= 0 && d.priors >= 1 && d.classes >= 1, "a size is out of range");
        atl::checked_product("images x priors x classes x 4", {d.images, d.priors, d.classes, 4});
        atl::checked_product("capacity x 7", {capacity, 7});
        atl::require(d.code >= ATL_BOX_CODE_CORNER && d.code <= ATL_BOX_CODE_CORNER_SIZE, "unknown box code");
        atl::require(d.images == 0 || (loc != nullptr && conf != nullptr && prior != nullptr && rows != nullptr),
            "an array is NULL");
        const int64_t boxes_a_prior = d.share_location != 0 ? 1 : d.classes;
        std::vector<Box> boxes(static_cast<size_t>(d.priors * boxes_a_prior));
        std::vector<Detection> kept;
        int64_t written = 0;
        for (int64_t image = 0; image < d.images; ++image) {
            const float* predictions = loc + image * d.priors * boxes_a_prior * 4;
            const float* scores = conf + image * d.priors * d.classes;
            for (int64_t i = 0; i < d.priors * boxes_a_prior; ++i) {
                const float* corners = prior + i / boxes_a_prior * 4;
                boxes[static_cast<size_t>(i)] = decode(d, predictions + i * 4, corners, corners + d.priors * 4);
            }
            kept.clear();
            for (int64_t label = 0; label < d.classes; ++label)
                if (label != d.background)
                    suppress(d, scores, boxes.data() + (boxes_a_prior == 1 ? 0 : label), boxes_a_prior, label, kept);
            if (d.keep_top_k >= 0 && static_cast<int64_t>(kept.size()) > d.keep_top_k) {
                keep_best(kept, d.keep_top_k);
                std::stable_sort(
                    kept.begin(), kept.end(), [](const Detection& a, const Detection& b) { return a.label < b.label; });
            }
            for (const Detection& found : kept) {
                atl::require(written < capacity, "more detections than rows");
                const Box& box =
                    boxes[static_cast<size_t>(found.prior * boxes_a_prior + (boxes_a_prior == 1 ? 0 : found.label))];
                const float row[7] = {static_cast<float>(image), static_cast<float>(found.label), found.score, box.x1,
                    box.y1, box.x2, box.y2};
                std::copy(row, row + 7, rows + written++ * 7);
            }
        }
        *count = written;
    });
}
