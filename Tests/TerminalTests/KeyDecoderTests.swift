// The laws of the key decoder: cutting the bytes anywhere gives the same keys, pastes come
// whole, and what is not a key types nothing.

import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
  private func keys(_ chunks: [[UInt8]]) -> [KeyDecoder.Key] {
    var decoder = KeyDecoder()
    var result: [KeyDecoder.Key] = []
    for chunk in chunks {
      decoder.feed(chunk)
      while let key = decoder.next() { result.append(key) }
    }
    while let key = decoder.next(isFinal: true) { result.append(key) }
    return result
  }

  private func text(_ keys: [KeyDecoder.Key]) -> String {
    keys.map { key in
      switch key {
      case .scalar(let scalar): String(scalar)
      case .paste(let text): "<\(text)>"
      }
    }.joined()
  }

  @Test(arguments: [
    ("abc", "abc"),
    ("m\u{302}+v\u{304}\u{2}\u{302}", "m_hat+v_bar\u{2}\u{302}"),
    ("\u{3b8}\u{303}", "θ_tilde"),
    ("漢😀", "漢😀"),
    ("\u{1B}[A", "\u{1B}[A"),
    ("\u{1B}[1;5Cx", "\u{1B}[1;5Cx"),
    ("\u{1B}[99;99~x", "x"),
    ("\u{1B}Ox", "\u{1B}Ox"),
    ("\u{1B}", "\u{1B}"),
    ("\u{1B}[", ""),
    ("\u{1B}\u{3b8}", "\u{1B}θ"),
    ("\u{1B}\u{1B}[A", "\u{1B}\u{1B}[A"),
    ("\u{1D}\u{1E}\u{1F}a", "a"),
    ("\u{1B}[200~a\rb\r\nc\u{1B}[31md\u{1B}[201~e", "<a\nb\nc[31md>e"),
    ("\u{1B}[200~m\u{302}\t\u{7}\u{1B}[201~", "<m_hat\t>"),
    ("\u{1B}[200~\u{1B}\u{1B}[201~x", "<>x"),
    ("\u{1B}[200~never ended", ""),
  ])
  func cutsDoNotMatter(typed: String, expected: String) {
    let bytes = Array(typed.utf8)
    #expect(text(keys([bytes])) == expected)
    #expect(text(keys(bytes.map { [$0] })) == expected)
    for cut in bytes.indices {
      #expect(
        text(keys([Array(bytes[..<cut]), Array(bytes[cut...])])) == expected, "cut at \(cut)")
    }
  }

  @Test func brokenUTF8BecomesReplacements() {
    #expect(text(keys([[0x61, 0xFF, 0x62]])) == "a\u{FFFD}b")
    #expect(text(keys([[0xE2, 0x82, 0x62]])) == "\u{FFFD}b")
    #expect(text(keys([[0xE2, 0x82]])) == "\u{FFFD}")
    #expect(text(keys([[0xED, 0xA0, 0x80, 0x62]])).hasSuffix("b"))
  }

  @Test func randomBytesNeverHangOrTrap() {
    var state: UInt64 = 7
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let likely: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E, 0xCC, 0x82, 0x6D, 0xF0, 0x9F]
    for _ in 0..<2000 {
      let bytes = (0..<40).map { _ in
        random() % 4 == 0 ? UInt8(random() & 0xFF) : likely[Int(random() % UInt64(likely.count))]
      }
      let whole = keys([bytes])
      let cut = Int(random() % 40)
      #expect(keys([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "\(bytes) at \(cut)")
    }
  }

  @Test func aLargePasteIsLinear() {
    var decoder = KeyDecoder()
    decoder.feed(Array("\u{1B}[200~".utf8))
    let chunk = [UInt8](repeating: 0x61, count: 4096)
    for _ in 0..<256 {
      decoder.feed(chunk)
      #expect(decoder.next() == nil)
      #expect(decoder.need == .restOfPaste)
    }
    decoder.feed(Array("\u{1B}[201~".utf8))
    guard case .paste(let text) = decoder.next() else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == 256 * 4096)
  }
}
