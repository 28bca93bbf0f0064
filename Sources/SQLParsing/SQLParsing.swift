internal import CLibPGQuery
func f(_ s: String) -> Int32 { 
  var r = unsafe pg_query_split_with_parser(s)
  defer { unsafe pg_query_free_split_result(r) }
  return unsafe r.n_stmts
}
