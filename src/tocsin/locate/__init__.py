"""Find out where things happened: toponyms, relative places, the gazetteer."""

from tocsin.locate.event import Located, place_event, place_in_sentence
from tocsin.locate.find import find_places
from tocsin.locate.gazetteer import Gazetteer

__all__ = ["Gazetteer", "Located", "find_places", "place_event", "place_in_sentence"]
