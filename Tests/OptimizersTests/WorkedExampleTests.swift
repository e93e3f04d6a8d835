// Published worked examples, line by line as they are printed, with what is known of their digits.
//
// Facts of M. Mazur, “A Step by Step Backpropagation Example” (2015), and of the runs in “Dive into Deep
// Learning”, chapter Optimization; recalculated in float64.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct WorkedExampleTests {
  /// Lines with their verdict; nil for those that claim nothing.
  static let backpropagation: [(String, Finding.Verdict?)] = [
    (#"i_1 = 0.05, \quad i_2 = 0.10"#, nil),
    (#"target_{o1} = 0.01, \quad target_{o2} = 0.99"#, nil),
    (#"w_1 = 0.15, w_2 = 0.20, w_3 = 0.25, w_4 = 0.30"#, nil),
    (#"w_5 = 0.40, w_6 = 0.45, w_7 = 0.50, w_8 = 0.55"#, nil),
    (#"b_1 = 0.35, b_2 = 0.60, \eta = 0.5"#, nil),
    (
      #"net_{h1} = w_1 * i_1 + w_2 * i_2 + b_1 * 1 = 0.15 * 0.05 + 0.2 * 0.1 + 0.35 * 1 = 0.3775"#,
      .right
    ),
    (
      #"out_{h1} = \frac{1}{1+e^{-net_{h1}}} = \frac{1}{1+e^{-0.3775}} = 0.593269992"#, .right
    ),
    (#"net_{h2} = w_3 * i_1 + w_4 * i_2 + b_1 * 1 = 0.3925"#, .right),
    (#"out_{h2} = \frac{1}{1+e^{-net_{h2}}} = 0.596884378"#, .right),
    (
      #"net_{o1} = w_5 * out_{h1} + w_6 * out_{h2} + b_2 * 1 = 0.4 * 0.593269992 + 0.45 * 0.596884378 + 0.6 * 1 = 1.105905967"#,
      .right
    ),
    (
      #"out_{o1} = \frac{1}{1+e^{-net_{o1}}} = \frac{1}{1+e^{-1.105905967}} = 0.75136507"#, .right
    ),
    (#"net_{o2} = w_7 * out_{h1} + w_8 * out_{h2} + b_2 * 1 = 1.224921404"#, .right),
    (#"out_{o2} = \frac{1}{1+e^{-net_{o2}}} = 0.772928465"#, .right),
    (
      #"E_{o1} = \frac{1}{2}(target_{o1} - out_{o1})^2 = \frac{1}{2}(0.01 - 0.75136507)^2 = 0.274811083"#,
      .right
    ),
    (#"E_{o2} = \frac{1}{2}(target_{o2} - out_{o2})^2 = 0.023560026"#, .right),
    (#"E_{total} = E_{o1} + E_{o2} = 0.274811083 + 0.023560026 = 0.298371109"#, .right),
    (
      #"\frac{\partial E_{total}}{\partial out_{o1}} = -(target_{o1} - out_{o1}) = -(0.01 - 0.75136507) = 0.74136507"#,
      .right
    ),
    (
      #"\frac{\partial out_{o1}}{\partial net_{o1}} = out_{o1}(1 - out_{o1}) = 0.75136507(1 - 0.75136507) = 0.186815602"#,
      .right
    ),
    (
      #"\frac{\partial E_{total}}{\partial w_5} = \frac{\partial E_{total}}{\partial out_{o1}} * \frac{\partial out_{o1}}{\partial net_{o1}} * out_{h1} = 0.74136507 * 0.186815602 * 0.593269992 = 0.082167041"#,
      .right
    ),
    (
      #"w_5^+ = w_5 - \eta * \frac{\partial E_{total}}{\partial w_5} = 0.4 - 0.5 * 0.082167041 = 0.35891648"#,
      .right
    ),
    (
      #"\delta_{o1} = 0.74136507 * 0.186815602 = 0.138498562"#, .right
    ),
    (
      #"\delta_{o2} = -(target_{o2} - out_{o2}) * out_{o2} (1 - out_{o2}) = -0.038098236"#, .right
    ),
    (#"\frac{\partial E_{o1}}{\partial out_{h1}} = 0.138498562 * 0.40 = 0.055399425"#, .right),
    (
      #"\frac{\partial E_{o2}}{\partial out_{h1}} = \delta_{o2} * w_7 = -0.019049119"#, .right
    ),
    (
      #"\frac{\partial E_{total}}{\partial out_{h1}} = 0.055399425 + -0.019049119 = 0.036350306"#,
      .right
    ),
    (
      #"\frac{\partial out_{h1}}{\partial net_{h1}} = out_{h1}(1 - out_{h1}) = 0.59326999(1 - 0.59326999) = 0.241300709"#,
      .right
    ),
    (
      #"\frac{\partial E_{total}}{\partial w_1} = 0.036350306 * 0.241300709 * 0.05 = 0.000438568"#,
      .right
    ),
    (#"w_1^+ = 0.15 - 0.5 * 0.000438568 = 0.149780716"#, .right),
    // The same with slips.
    (#"w_5^+ = w_5 + \eta * \frac{\partial E_{total}}{\partial w_5} = 0.35891648"#, .wrong),
    (#"w_5^+ = 0.4 - 0.5 * 0.082167041 = 0.44108352"#, .wrong),
    (#"E_{total} = E_{o1} + E_{o2} = 0.274811083 + 0.023560026 = 0.289371109"#, .wrong),
  ]

  static let runs: [(String, Finding.Verdict?)] = [
    (#"-5 - 0.4 \cdot 0.2 \cdot (-5) = -4.6"#, .right),
    (#"-2 - 0.4 \cdot 4 \cdot (-2) = 1.2"#, .right),
    (#"-5 (1 - 0.4 \cdot 0.2)^{20} = -0.943467"#, .right),
    (#"-2 (1 - 0.4 \cdot 4)^{20} = -0.000073"#, .right),
    (#"-5 (1 - 0.6 \cdot 0.2)^{20} = -0.387814"#, .right),
    (#"-2 (1 - 0.6 \cdot 4)^{20} = -1673.365109"#, .right),
    (#"v_2 = 0.5 \cdot (-8) + 4 \cdot 2.8 = 7.2"#, .right),
    (#"v_2 = 0.25 \cdot (-8) + 4 \cdot 2.8 = 9.2"#, .right),
    (#"-5 - \frac{0.4}{\sqrt{1 + 10^{-6}}} \cdot (-1) = -4.6000002"#, .right),
    (#"-5 - \frac{0.4}{\sqrt{0.1 + 10^{-6}}} \cdot (-1) \approx -3.735095"#, .right),
    (#"-2 - \frac{0.4}{\sqrt{6.4 + 10^{-6}}} \cdot (-8) = -0.735089"#, .right),
    (#"-2 (1 - 0.4 \cdot 4)^{20} = 0.000073"#, .wrong),
    (#"-5 - \frac{0.4}{0.1 + 10^{-6}} \cdot (-1) = -3.735095"#, .wrong),
  ]

  @Test(arguments: [backpropagation, runs]) func lines(_ lines: [(String, Finding.Verdict?)]) throws
  {
    var context = ClaimContext()
    for (line, verdict) in lines {
      let text = try TeXText(Span(Source(line)))
      let finding = NumberCheck.finding(text.items, in: context)
      #expect(finding?.verdict == verdict, "\(line): \(finding.map { "\($0)" } ?? "nothing")")
      context.add(text.items)
    }
  }
}
