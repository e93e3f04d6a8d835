// libFuzzer's entry; it brings the main function.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  FuzzEntry.run(Array(UnsafeBufferPointer(start: data, count: data == nil ? 0 : size)))
  return 0
}
