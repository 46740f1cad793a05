# Reads Ruby line by line and prints what it evaluates to: irb needs a library that this build lacks.
$stdout.sync = true
puts "Ruby #{RUBY_VERSION}. exit ends."
context = TOPLEVEL_BINDING
number = 0
code = +""
loop do
  print code.empty? ? "rb> " : "  | "
  line = $stdin.gets or break
  code << line
  begin
    RubyVM::InstructionSequence.compile(code)
  rescue SyntaxError => error
    # More lines may complete it.
    next if line != "\n" && error.message.match?(/end-of-input|unexpected end|unterminated|expected a matching/)
    puts error.message
    code = +""
    next
  end
  number += 1
  begin
    puts "=> #{context.eval(code, "line", number).inspect}"
  rescue SystemExit
    raise
  rescue Exception => error
    puts error.full_message(highlight: false, order: :top).lines.grep_v(/repl\.rb|eval:/).join
  end
  code = +""
end
