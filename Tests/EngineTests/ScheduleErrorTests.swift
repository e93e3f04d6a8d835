// Schedules that cannot be are refused where they are declared, and the families of functions have
// help of their own.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ScheduleErrorTests {
  @Test(arguments: [
    ("cosine(0.1, 0)", "steps is 0; it has to be above 0"),
    ("step_decay(0.1, every=0)", "every is 0; it has to be above 0"),
    ("noam(0, 0)", "width is 0; it has to be above 0"),
    ("noam(512, 0)", "warmup is 0; it has to be above 0"),
    ("polynomial(0.1, -5)", "steps is -5"), ("warmup(0.1, 0)", "steps is 0"),
    ("cosine_restarts(0.1, 0)", "steps is 0"), ("cyclic(0, 1, 0)", "up is 0"),
    ("warmup_cosine(0.1, 10, 10)", "warmup is 10, so nothing is left of steps, which is 10"),
    ("one_cycle(0.1, 0)", "steps is 0"), ("torch.StepLR(0.1, step_size=0)", "step_size is 0"),
    ("torch.CosineAnnealingLR(0.1, T_max=0)", "T_max is 0"),
    ("keras.ExponentialDecay(0.1, 0, 0.5)", "decay_steps is 0"),
    ("optax.linear_schedule(0, 1, 0)", "transition_steps is 0"),
  ])
  func impossibleSchedulesAreRefused(_ call: String, _ words: String) {
    let reply =
      replies("param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "schedule lr = \(call)")
      .last ?? ""
    #expect(
      reply.hasPrefix("error: ") && reply.contains(words) && reply.contains(" at "),
      "\(call): \(reply)")
    // With no loss yet, too.
    let early = replies("optimizer sgd(lr=0.1)", "schedule lr = \(call)").last ?? ""
    #expect(early == reply)
  }

  @Test func aWarmUpMayBeLeftOut() {
    _ = session(
      "param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)",
      "schedule lr = warmup_cosine(0.1, 0, 10)", "step 3",
      "schedule lr = keras.CosineDecay(0, 5, warmup_target=0.1, warmup_steps=10)", "step 3")
  }

  @Test(arguments: FunctionFamily.allCases)
  func everyFamilyHasAPage(_ family: FunctionFamily) {
    let page = replies("help \(family.rawValue)").joined(separator: "\n")
    for function in family.functions { #expect(page.contains(function.name + "("), "\(page)") }
    #expect(replies("help").contains { $0.contains("help \(family.rawValue)") })
  }

  @Test func commandsKeepTheirPages() {
    for command in CommandTable.standard.commands {
      #expect(replies("help \(command.name)")[0].hasPrefix("\(command.name)  \(command.summary)"))
    }
  }

  @Test func plateauHasAPage() {
    let page = replies("help plateau").joined(separator: "\n")
    for (name, _) in Plateau.own.arguments { #expect(page.contains(name), "\(name)") }
    for part in ["PyTorch", "once an epoch", "every=step", "torch.ReduceLROnPlateau"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(replies("help schedules").contains { $0.contains("plateau(") })
  }

  @Test func examplesOfTheFamiliesRun() {
    for example in FamilyHelp.plateau.examples {
      _ = session(example.lines.joined(separator: "\n"))
    }
  }
}
