// Replaces the allocation functions of the whole test program.
#include "tests/query/live_bytes.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<size_t> live_bytes = 0;
std::atomic<size_t> peak_live_bytes = 0;  // the tests that ask have one thread
std::atomic<size_t> base_bytes = 0;

}  // namespace

namespace tideway::query {

void reset_peak() { peak_live_bytes = base_bytes = live_bytes.load(); }
size_t peak_bytes() { return peak_live_bytes - base_bytes; }

}  // namespace tideway::query

void* operator new(size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  const size_t live = live_bytes += malloc_usable_size(memory);
  if (live > peak_live_bytes) peak_live_bytes = live;
  return memory;
}

void operator delete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  live_bytes -= malloc_usable_size(pointer);
  std::free(pointer);
}

void operator delete(void* pointer, size_t) noexcept { operator delete(pointer); }
