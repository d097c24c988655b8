#include "record/text_forms.h"

#include <gtest/gtest.h>

#include <string>

namespace tideway::record {
namespace {

TEST(IsTransmitterId, TakesLettersAndDigits) {
  const std::string good[] = {"abcde", "ABC12", "00000", std::string(64, 'x')};
  for (const std::string& id : good) EXPECT_TRUE(is_transmitter_id(id)) << id;
  const std::string bad[] = {
      "", "abcd", std::string(65, 'x'), "abc-e", "abc de", "abcd\xc3\xa9", "abcde\n"};
  for (const std::string& id : bad) EXPECT_FALSE(is_transmitter_id(id)) << id;
}

TEST(IsReverseDomain, TakesTwoLabelsOrMore) {
  const std::string label(63, 'a');
  const std::string good[] = {"org.tidepool",
                              "a.b",
                              "A.B.C",
                              "1.2",
                              "com.ex-ample.x",
                              "org.tidepool.deduplicator.dataset.delete.origin.older",
                              label + "." + label,
                              "a--b.c"};
  for (const std::string& name : good) EXPECT_TRUE(is_reverse_domain(name)) << name;
  const std::string bad[] = {
      "",     "org",   ".org",  "org.",  "org..x", "-a.b",       "a-.b",        "a.-b",
      "a.b-", "a b.c", "a_b.c", "a.b\n", ".",      "a.\xc3\xa9", label + "a.b", "b." + label + "a"};
  for (const std::string& name : bad) EXPECT_FALSE(is_reverse_domain(name)) << name;
}

// docs/spec/datatypes-common.md 3.2; the grammar is that of Go's net/url.
TEST(IsUrl, TakesASchemeAndAHost) {
  const char* const good[] = {
      "http://example.org",
      "https://example.org/x?a=b",
      "https://example.org:8080/",
      "https://example.org:/",
      "h://h",
      "a+b-c.1://h",
      "HTTP://EXAMPLE.ORG",
      "ftp://user:secret@example.org/%20x",
      "http://user@h",
      "http://@h",
      "http://h?query",
      "http://h#fragment",
      "http://h/a#b%20c",
      "http://h?%zz",  // a query is not decoded
      "http://[::1]/",
      "http://[::1]:80/",
      "http://[fe80::1%25en0]/",
      "http://1.2.3.4",
      "http://b\xc3\xbc"
      "cher.example",
      "http://b%c3%bccher.example",
      "http://h/ x",
      "http://h_1",
      "http://h//x//",
  };
  for (const char* const url : good) EXPECT_TRUE(is_url(url)) << url;
}

TEST(IsUrl, RefusesTheRest) {
  const char* const bad[] = {
      "",
      "example.org",
      "/rel",
      "//example.org",
      "mailto:a",
      "mailto:a@b.c",
      "http:",
      "http:/",
      "http://",
      "http:///x",
      "http://?x",
      "http://#x",
      "http://user@",
      "http://user@/x",
      "http:h",
      "1http://h",
      "-a://h",
      "ht_tp://h",
      "ht tp://h",
      "://h",
      "http://h h",
      "http://h/%",
      "http://h/%2",
      "http://h/%zz",
      "http://h#%zz",
      "http://h%20h",
      "http://h%41",
      "http://h:port",
      "http://h:8x",
      "http://[::1",
      "http://[::1]x",
      "http://[::g]",
      "http://[]",
      "http://us er@h",
      "http://us%zzer@h",
      "http://h\x01",
      "http://h/\x7f",
      "http://h/\n",
      " http://h",
      "http://h\\x",
      "http://h^",
  };
  for (const char* const url : bad) EXPECT_FALSE(is_url(url)) << url;
}

}  // namespace
}  // namespace tideway::record
