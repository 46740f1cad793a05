# Asks for names until there are no more.
$stdout.sync = true
count = 0
loop do
  print "name? "
  name = $stdin.gets or break
  count += 1
  puts "hello #{name.chomp}"
end
warn "bye to #{count}"
