// A case of the reference values from BVLC Caffe: manifest.tsv and tensors.f32, and the margin's parameters from
// net.prototxt.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct ReferenceTensor {
    std::vector<int> shape;
    std::vector<float> values;
    std::string extra;
};

class ReferenceCase {
public:
    explicit ReferenceCase(const std::string& folder) : folder_(folder) {
        std::ifstream file(folder + "/tensors.f32", std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        std::ifstream manifest(folder + "/manifest.tsv");
        for (std::string line; std::getline(manifest, line);) {
            if (line.empty() || line[0] == '#') continue;
            const std::vector<std::string> columns = split(line, '\t');
            if (columns.size() != 7) throw std::runtime_error(folder + ": not seven columns: " + line);
            if (columns[0] == "meta") {
                facts_[columns[1]] = columns[6];
                continue;
            }
            ReferenceTensor tensor;
            if (columns[3] != "scalar")
                for (const std::string& extent : split(columns[3], ',')) tensor.shape.push_back(std::stoi(extent));
            const size_t offset = std::stoul(columns[4]) * 4, count = std::stoul(columns[5]);
            if (offset + count * 4 > bytes.size()) throw std::runtime_error(folder + ": tensors.f32 is too short");
            tensor.values.resize(count);
            for (size_t i = 0; i < count; ++i) {
                uint32_t word = 0;
                for (size_t b = 0; b < 4; ++b)
                    word |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[offset + 4 * i + b])) << (8 * b);
                std::memcpy(&tensor.values[i], &word, 4);
            }
            tensor.extra = columns[6];
            tensors_[columns[0] + " " + columns[1]] = tensor;
        }
        read_parameters();
    }

    // The tensor of a kind, such as "blob.data", and a name.
    const ReferenceTensor& tensor(const std::string& kind, const std::string& name) const {
        return find(tensors_, kind + " " + name);
    }
    const std::string& fact(const std::string& name) const { return find(facts_, name); }
    // A field of margin_inner_product_param, or `otherwise` where the net does not set it.
    std::string parameter(const std::string& name, const std::string& otherwise) const {
        const auto found = parameters_.find(name);
        return found == parameters_.end() ? otherwise : found->second;
    }

private:
    static std::vector<std::string> split(const std::string& line, char separator) {
        std::vector<std::string> parts;
        std::istringstream stream(line);
        for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
        return parts;
    }

    template <class T>
    const T& find(const std::map<std::string, T>& map, const std::string& key) const {
        const auto found = map.find(key);
        if (found == map.end()) throw std::runtime_error(folder_ + " has no " + key);
        return found->second;
    }

    // The words after `margin_inner_product_param {`, as far as the fields are plain.
    void read_parameters() {
        std::ifstream file(folder_ + "/net.prototxt");
        std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>()), word;
        for (char& c : text)
            if (c == ':') c = ' ';
        const size_t start = text.find("margin_inner_product_param");
        if (start == std::string::npos)
            throw std::runtime_error(folder_ + "/net.prototxt has no margin_inner_product_param");
        std::istringstream words(text.substr(text.find('{', start) + 1));
        while (words >> word && word != "}") {
            std::string value;
            words >> value;
            if (value == "{")
                while (words >> value && value != "}") {}
            else parameters_[word] = value;
        }
    }

    std::string folder_;
    std::map<std::string, ReferenceTensor> tensors_;
    std::map<std::string, std::string> facts_, parameters_;
};
