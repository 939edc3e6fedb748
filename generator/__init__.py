"""Papergrove makes living literature surveys: papers as text files in git, a searchable static site, tags curated by pull request.

The map. A module imports only from floors below its own; `tests/test_map.py` holds that.

8 __main__    starts the command; makes the virtual environment first when the dependencies are missing (standard library only)
7 cli         the commands, what they print, the exit codes
6 serve       watches, rebuilds, serves 127.0.0.1, shows problems as an overlay
5 build       the pipeline on one screen; times each stage
4 load check tag render index export write merge               the stages
3 pages importers/ taggers/ markdown                           the crafts (registries and their members)
2 records vocabulary settings library                          the things, read, written and asked
1 model fields memo                                            what things are made of
0 report text                                                  the ground
"""

__version__ = "0.1.0"
