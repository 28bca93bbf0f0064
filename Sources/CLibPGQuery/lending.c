/*
 * Gives out libpg_query's trees without a copy of them.
 *
 * libpg_query builds a tree of protobuf-c's structs, has protobuf-c pack that into bytes, and leaves
 * it to its caller to have them unpacked into the very same structs. Packing, unpacking and freeing
 * took two thirds of the time of parsing, and the copies most of its memory. So this file stands in
 * for libprotobuf-c, which is not linked: these are all of its functions that libpg_query calls,
 * with its signatures (protobuf-c/protobuf-c.h), and where a message is to be packed, it is lent to
 * the reader instead. The bytes are never made: every message has the size 0.
 */
#include "CLibPGQuery.h"

/* Who is to read what libpg_query makes on this thread, and of which type. */
struct borrower {
  const ProtobufCMessageDescriptor *awaited;
  clibpgquery_reader *read;
  void *context;
};

static _Thread_local struct borrower borrower;

PgQueryProtobufParseResult clibpgquery_parse(
    const char *text, clibpgquery_reader *reader, void *context) {
  struct borrower outer = borrower;
  borrower = (struct borrower){&pg_query__parse_result__descriptor, reader, context};
  PgQueryProtobufParseResult result = pg_query_parse_protobuf(text);
  borrower = outer;
  return result;
}

/* A reader of a tree may call it: whether a name needs quotes depends on the keywords. */
PgQueryScanResult clibpgquery_scan(const char *text, clibpgquery_reader *reader, void *context) {
  struct borrower outer = borrower;
  borrower = (struct borrower){&pg_query__scan_result__descriptor, reader, context};
  PgQueryScanResult result = pg_query_scan(text);
  borrower = outer;
  return result;
}

/* What a string field points to that is not set. */
const char protobuf_c_empty_string[] = "";

size_t protobuf_c_message_get_packed_size(const ProtobufCMessage *message) {
  (void)message;
  return 0;
}

size_t protobuf_c_message_pack(const ProtobufCMessage *message, uint8_t *out) {
  (void)out;
  if (borrower.read != NULL && message->descriptor == borrower.awaited) {
    borrower.read(message, borrower.context);
  }
  return 0;
}

/* The others belong to functions of libpg_query that are not called, such as its deparser. */

size_t protobuf_c_message_pack_to_buffer(
    const ProtobufCMessage *message, ProtobufCBuffer *buffer) {
  (void)message;
  (void)buffer;
  return 0;
}

ProtobufCMessage *protobuf_c_message_unpack(
    const ProtobufCMessageDescriptor *descriptor, ProtobufCAllocator *allocator, size_t length,
    const uint8_t *data) {
  (void)descriptor;
  (void)allocator;
  (void)length;
  (void)data;
  return NULL;
}

void protobuf_c_message_free_unpacked(ProtobufCMessage *message, ProtobufCAllocator *allocator) {
  (void)message;
  (void)allocator;
}
