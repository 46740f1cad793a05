# Makes an index of the words in a tree of texts.
require "digest"
require "erb"
require "fileutils"
require "json"

source, target = ARGV

texts = Dir.glob("**/*.txt", base: source).sort
index = Hash.new { |words, word| words[word] = {} }
texts.each do |name|
  File.foreach(File.join(source, name), encoding: "UTF-8").with_index(1) do |line, number|
    line.unicode_normalize(:nfc).downcase.scan(/\p{L}+/) do |word|
      (index[word][name] ||= []) << number
    end
  end
end
frequent = index.transform_values { |places| places.values.sum(&:size) }
  .select { |_, count| count > 1 }
  .sort_by { |word, count| [-count, word] }

FileUtils.mkdir_p(target)
File.write(File.join(target, "index.json"), JSON.pretty_generate(index.sort.to_h))
page = ERB.new(<<~HTML, trim_mode: "-").result(binding)
  <ul>
  <%- frequent.each do |word, count| -%>
    <li><%= ERB::Util.html_escape(word) %>: <%= count %></li>
  <%- end -%>
  </ul>
HTML
File.open(File.join(target, "frequent.html"), "w") { |file| file << page }

puts "#{index.size} words in #{texts.size} texts"
puts Digest::SHA256.hexdigest(page)
puts "#{ENV.fetch("GREETING")}, Ruby #{RUBY_VERSION} on #{RUBY_PLATFORM}"
exit 4
