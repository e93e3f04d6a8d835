// A formula is given the name of the catalogue's rule that has its numbers.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

@Suite struct IdentificationTests {
  /// The notations whose rule is in the catalogue under one name.
  @Test(
    .serialized,
    arguments: [
      "Kingma & Ba 2015, algorithm 1", "Ruder 2016: Nesterov", "Ng: RMSprop", "Lion",
      "AdamW in one line", "Quasi-hyperbolic momentum", "Yogi",
    ])
  func namesTheRule(_ title: String) throws {
    let entry = try #require(NotationEntry.all.first { $0.title == title })
    let found = Identification.of(try PrintedRule(entry.latex).rule)
    #expect(
      found.best?.isEqual == true,
      "\(title): \(found.best?.distance ?? .nan) \(found.best?.name ?? "")")
    #expect(
      found.matches.prefix { $0.isEqual }.contains { $0.name == entry.rule },
      "\(title): \(found.matches.prefix(3).map { ($0.name, $0.distance) })")
  }

  @Test func tellsVariantsApart() throws {
    let latex =
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat v_t = v_t/(1-\beta_2^t), \theta_{t+1} = \theta_t - \alpha m_t/(\sqrt{\hat v_t} + \epsilon)"#
    let found = Identification.of(try PrintedRule(latex).rule)
    #expect(found.best?.name == "adam_m_uncorrected" && found.best?.isEqual == true)
    #expect((found.matches.dropFirst().first?.distance ?? 0) > 1e-6)
    let wrong =
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat m_t = m_t/(1-\beta_1^t), \hat v_t = v_t/(1-\beta_1^t), \theta_{t+1} = \theta_t - \alpha \hat m_t/(\sqrt{\hat v_t} + \epsilon)"#
    let none = Identification.of(try PrintedRule(wrong).rule)
    #expect(none.best?.isEqual == false && none.best?.parting != nil)
  }
}
