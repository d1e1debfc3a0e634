// Makes crops for a processor that is emulated: reads images and what is drawn of them, writes their bytes.
#include <cstdint>
#include <cstdio>
#include <vector>

extern "C" int32_t deino_pixels_load_pixels(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels);
extern "C" int32_t deino_pixels_make_crops(const void* draws, int32_t count, const float* by, float* out, int64_t room);

int main() {
  constexpr size_t kDraw = 80;
  const float unnormalized[] = {0, 0, 0, 1, 1, 1};
  for (int32_t header[3]; std::fread(header, sizeof header, 1, stdin) == 1;) {
    const auto [width, height, side] = header;
    std::vector<uint8_t> pixels(3 * size_t(width) * height), draw(kDraw);
    std::vector<float> values(3 * size_t(side) * side);
    if (std::fread(pixels.data(), pixels.size(), 1, stdin) != 1 || std::fread(draw.data(), kDraw, 1, stdin) != 1) return 1;
    if (!deino_pixels_load_pixels(pixels.data(), width, height, 3)) return 1;
    if (!deino_pixels_make_crops(draw.data(), 1, unnormalized, values.data(), int64_t(values.size()))) return 1;
    const std::vector<uint8_t> bytes(values.begin(), values.end());
    std::fwrite(bytes.data(), bytes.size(), 1, stdout);
  }
}
