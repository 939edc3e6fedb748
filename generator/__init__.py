"""Papergrove makes living literature surveys: papers as text files in git, a searchable site, tags curated by pull request.

The map. A module imports only from floors below its own, so stages (5) meet only in `build`; `tests/test_map.py` holds that.

9  __main__     starts the command; makes the virtual environment first when the dependencies are missing (standard library only)
8  cli          the commands, what they print, the exit codes
7  serve        watches, rebuilds, serves 127.0.0.1, shows problems as an overlay
6  build        the pipeline on one screen; times each stage
6  watch        tells when something that a site is made of has changed
5  load         the survey in a folder, read whole, with everything that is wrong in its files
5  check        what is wrong between the survey's files: tags, sources, identifiers, old ids
5  curate       what a curator's command on tags changes: the vocabulary, the records and the pages in one go
5  audit        what a curator should look at in the vocabulary
5  tag          each paper's tags: by hand, accepted, and proposed by the taggers
5  render       pages and theme files to outputs; a template runs only when its output is asked for
5  analyze      each paper's words as the search counts them; what did not change since the last time is remembered
5  relate       the papers that are nearest to each, and why
5  emerge       phrases beyond the vocabulary that a few related papers share, as proposals for new tags
5  layout       where papers lie on the map: near means similar, and what has been placed stays
5  index        what the search fetches: shards of postings, words and people, columns for filters, cards and texts of results
5  evaluate     how well the taggers find the tags of papers that people have tagged
5  search       what the site's search finds, without a browser
5  export       the survey as data: api/papers.json, api/tags.json and api/related.json
5  write        outputs to the site's folder, staged and exchanged so that no reader meets half a site; texts to content/
5  merge        incoming papers joined with the survey's records; only empty fields are filled
4  pages        which pages a site has: an address, a template, and the plain values that it shows
4  prose        a page of text, content/pages/<name>.md: its HTML, with gaps for what it asks of the survey
4  importers    the formats that papers come in, a row each
4  taggers      what proposes tags, a row each
4  edit         the text of a record or of the vocabulary, changed only where it must be to hold other values
4  ranking      what a question asks, and how well papers answer it
4  shards       sorted tables cut into files where a key's hash says, so that a change of one row changes one file
3  space        the papers as vectors: of their texts, and of their tags
3  locks        what readers saw last, kept so that it stays: content/tags.lock.json and content/map.lock.json
3  identity     when two records are the same paper: by identifier, or by title together with authors or text
3  records      a paper's file, read and written: its table of fields is the format
3  marks        what a page of text asks of the survey: citations, tags, counts and blocks, each read with its place
3  vocabulary   facets and tags, read from and written to content/tags.yml
3  settings     what site.yml and content/sources.yml say
3  library      the survey with its tags, and every question that a page asks of it
3  views        the plain values that templates show
3  scripts      the theme's scripts as they are served: each with what it imports, without comments and needless spaces
3  postings     which papers have a term, field by field, and what lunr scores them by it
2  model        the values that flow: Paper, Vocabulary, Settings, Survey, Labels, Output
2  frontmatter  a file's fields between two lines '---', and the text below them
2  markdown     prose to HTML by our own rules: no raw HTML, no images, links from an allow-list
2  links        where the pages of a site lead, and which of it is not there
1  fields       YAML read from parser events and checked against a table of fields, every value with its place
1  files        what may be read: regular files within limits, no link followed; UTF-8 text of them
1  vectors      texts as vectors of their terms (tf-idf), and in few dimensions (latent semantic analysis)
1  memo         remembers a stage's result by the hash of exactly what went in, in .papergrove/
0  report       problems as values (place, message, hint), and how they are shown
0  text         one normalizer of text, one pipeline of terms, keys and slugs
"""

__version__ = "0.1.0"
