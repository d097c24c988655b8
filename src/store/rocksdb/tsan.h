// Debian's RocksDB is not built for ThreadSanitizer, which so misses how a thread hands its batch
// to the one that writes for the group, and reports the hand-over as a race.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace tideway::store {

/// While it lives, ThreadSanitizer overlooks what this thread reads and writes: put it around
/// nothing but the call into RocksDB. Without ThreadSanitizer it is nothing.
class TsanOverlooks {
 public:
#if defined(__SANITIZE_THREAD__)
  TsanOverlooks() {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~TsanOverlooks() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
#else
  TsanOverlooks() {}
#endif
  TsanOverlooks(const TsanOverlooks&) = delete;
  TsanOverlooks& operator=(const TsanOverlooks&) = delete;
};

}  // namespace tideway::store
