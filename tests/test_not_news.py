"""Texts that sound like news of violence and tell none, and their twins that tell one event."""

from __future__ import annotations

import pytest

from whole import code

ENGLISH = [
    (
        "possible",
        "The US embassy in Nairobi has urged its citizens to stay away from the city centre. Demonstrations "
        "against the finance bill are likely on Thursday and could turn violent, it said in a notice on "
        "Tuesday. Clashes between police and protesters are possible near Uhuru Park.",
    ),
    (
        "commemoration",
        "Hundreds of people gathered in Srebrenica on Saturday to bury the remains of fourteen victims. "
        "Bosnian Serb forces killed some 8,000 Muslim men and boys there in July 1995. Families laid flowers "
        "beside the white stones as an imam read the names.",
    ),
    (
        "verdict",
        "A court in Ouagadougou on Monday sentenced three men to life in prison for the attack on the "
        "Cappuccino cafe. Gunmen had opened fire on the terrace and set cars alight, killing thirty people. "
        "The defence said it would appeal.",
    ),
    (
        "trial",
        "The trial of two former militia leaders opened in The Hague on Tuesday. Prosecutors say their men "
        "attacked Muslim districts of Bangui, burned mosques and killed dozens of civilians in late 2013. "
        "Both pleaded not guilty.",
    ),
    (
        "forced",
        "The protests forced the government of Sri Lanka to withdraw the tax bill, analysts say. They also "
        "taught a generation to organise. What comes after the demonstrations remains an open question.",
    ),
    (
        "road accident",
        "Fourteen people were killed on Monday when a bus hit a lorry near Nakuru. Police said the driver had"
        " lost control on a bend. Another twenty were taken to hospital, some of them in critical condition.",
    ),
    (
        "fire",
        "A fire in a seven-storey building in Dhaka killed at least 43 people on Tuesday night. The blaze "
        "broke out in a restaurant on the first floor. Firefighters brought down dozens of people with "
        "ladders.",
    ),
    (
        "robbery",
        "Armed robbers stole 12 million naira from a bank in Ilorin on Monday. They shot a guard dead and "
        "fled on two motorcycles. Detectives said they were following several leads.",
    ),
    (
        "domestic",
        "A man shot dead his wife and two children in a suburb of Durban on Sunday before turning the gun on "
        "himself. Neighbours told police that the couple had been quarrelling over money. A pistol was found "
        "beside the body.",
    ),
    (
        "drug bust",
        "Police in Guayaquil seized 1.2 tonnes of cocaine hidden among bananas on Tuesday. Two port workers "
        "were arrested and a lorry was impounded. The drugs were bound for Antwerp.",
    ),
    (
        "sport",
        "Mamelodi Sundowns survived a late siege to win 2-1 in Tunis on Saturday. Their attacking midfielder "
        "fired the first shot after four minutes and the striker struck again from close range. The hosts "
        "bombarded the box to the end, but the defence held.",
    ),
    (
        "boxing",
        "The challenger attacked from the first bell and battered the champion for six rounds in Manchester "
        "on Saturday. A blow to the head in the seventh ended the battle for the title. He will next fight in"
        " Riyadh.",
    ),
    (
        "economy",
        "The central bank of Turkey opened fire on inflation on Thursday with its biggest rate rise in five "
        "years. Shares exploded, and the lira clawed back ground. Traders warned that the battle was far from"
        " won.",
    ),
    (
        "bombshell",
        "The finance minister dropped a bombshell in parliament in Canberra on Tuesday, announcing that he "
        "would leave politics. Colleagues were ambushed by the news. The opposition attacked him for quitting"
        " before the budget.",
    ),
    (
        "strike mediation",
        "Teachers' unions and the government of Malawi returned to the mediation table in Lilongwe on "
        "Tuesday. The strike, in its ninth day, has closed most state schools. A mediator said that both "
        "sides had moved.",
    ),
    (
        "planned march",
        "The opposition in Togo has called a march in Lome on Saturday against the new constitution. "
        "Organisers say they expect 20,000 people to take part. The route will lead from Be to the beach.",
    ),
    (
        "called off",
        "The Nigerian Labour Congress has called off the protest it had planned in Abuja on Wednesday. Its "
        "leaders met the speaker late on Tuesday and were promised a hearing. They threatened to return to "
        "the streets if nothing changes.",
    ),
    (
        "threat",
        "Al Qaeda's branch in Yemen threatened on Monday to attack Western ships in the Red Sea. In a video "
        "of eleven minutes its leader called on followers to strike with bombs and knives. The coast guard in"
        " Aden raised its alert.",
    ),
    (
        "denial",
        "The army of Chad on Tuesday dismissed reports that its soldiers had fired on herders near Bongor. No"
        " such incident took place, a spokesman said. The messages on social media came from abroad, he "
        "added.",
    ),
    (
        "film",
        "A film about the siege of the Westgate mall won the main prize in Cannes on Saturday. It follows a "
        "shop girl who hides while gunmen shoot customers floor by floor. The director said that she wanted "
        "to show courage, not blood.",
    ),
]

FRENCH = [
    (
        "possible",
        "L'ambassade de France à Dakar recommande à ses ressortissants d'éviter le centre-ville vendredi. Des"
        " manifestations sont probables après la prière et des heurts ne sont pas exclus, indique un message "
        "diffusé mardi. Des barrages pourraient être dressés sur la corniche.",
    ),
    (
        "commemoration",
        "Plusieurs centaines de personnes se sont recueillies samedi à Thiaroye en mémoire des tirailleurs. "
        "Le 1er décembre 1944, des soldats français avaient ouvert le feu sur leurs camarades qui réclamaient"
        " leur solde, faisant au moins 35 morts. Le ministre a déposé une gerbe.",
    ),
    (
        "bougies",
        "Des bougies ont été allumées mardi soir à Grand-Bassam en souvenir des dix-neuf victimes de "
        "l'attentat. Trois hommes avaient surgi sur la plage et tiré sur les baigneurs. Huit ans après, les "
        "familles demandent toujours réparation.",
    ),
    (
        "anniversaire",
        "Le Rwanda a commémoré dimanche le trentième anniversaire du génocide. En cent jours, les miliciens "
        "ont massacré plus de 800 000 personnes, pour la plupart des Tutsi. Le président a allumé la flamme "
        "du souvenir à Kigali.",
    ),
    (
        "verdict",
        "La cour d'assises spéciale de Paris a condamné lundi à la réclusion à perpétuité l'homme jugé pour "
        "l'attaque d'un commissariat. Il avait poignardé deux policiers et blessé un agent d'accueil. Ses "
        "avocats vont faire appel.",
    ),
    (
        "mort accident",
        "Le maire de Zinder est mort dimanche dans un accident de la route entre Dosso et Niamey. Son "
        "véhicule a quitté la chaussée. Le président lui a rendu hommage.",
    ),
    (
        "incendie",
        "Un incendie a ravagé mardi le grand marché de Ouagadougou, faisant trois morts. Les flammes seraient"
        " parties d'un court-circuit dans une boutique de tissus. Les pompiers ont lutté toute la nuit.",
    ),
    (
        "bousculade",
        "Une bousculade a fait douze morts samedi à l'entrée d'un stade de Kinshasa avant un concert. Des "
        "milliers de jeunes avaient forcé les barrières. La police a été dépassée.",
    ),
    (
        "braquage",
        "Des hommes armés ont attaqué lundi une agence bancaire à Libreville et emporté 90 millions de "
        "francs. Un vigile a été tué. La police judiciaire a ouvert une enquête.",
    ),
    (
        "drame familial",
        "Un homme de 41 ans a tué sa femme et ses deux enfants samedi à Roubaix avant de se donner la mort. "
        "Les voisins avaient entendu des cris. Le couple était en instance de divorce.",
    ),
    (
        "meurtre",
        "Le corps d'un homme tué par balle a été découvert lundi dans un terrain vague à Marseille. Selon la "
        "police, il s'agit d'un règlement de comptes entre trafiquants. C'est le quinzième homicide de "
        "l'année.",
    ),
    (
        "football",
        "Les Lions ont bombardé le but adverse dimanche à Abidjan sans trouver la faille. L'attaquant a tiré "
        "deux fois sur la barre, et la défense a résisté jusqu'à la fin. La bataille pour la première place "
        "continue samedi.",
    ),
    (
        "économie",
        "La Banque centrale a déclaré la guerre à l'inflation mercredi à Abuja. La mesure a fait exploser les"
        " taux et frappé de plein fouet les petites entreprises. L'offensive devrait durer, préviennent les "
        "analystes.",
    ),
    (
        "salaires",
        "Les médecins de Bamako ont entamé lundi une grève de trois jours. Ils réclament le paiement de leurs"
        " primes. Un service minimum est assuré dans les hôpitaux.",
    ),
    (
        "exercice",
        "Des commandos ont pris d'assaut un hôtel d'Abidjan mardi et libéré des otages lors d'un exercice. "
        "Des figurants jouaient le rôle des terroristes. Les tirs étaient à blanc.",
    ),
    (
        "annulée",
        "La marche qui devait se tenir mardi à Bamako n'aura pas lieu. Les syndicats l'ont suspendue après "
        "une rencontre avec le médiateur. Ils menacent de descendre dans la rue si rien ne bouge.",
    ),
    (
        "menace",
        "L'État islamique a menacé lundi de s'en prendre aux stades européens. Dans un message, le groupe "
        "appelle ses partisans à frapper les supporters. La sécurité a été renforcée à Madrid.",
    ),
    (
        "démenti",
        "L'état-major nigérien a démenti mardi qu'une de ses bases ait été attaquée près de Tillabéri. Aucun "
        "incident n'a été enregistré, assure le communiqué. Les images diffusées dateraient de 2021.",
    ),
    (
        "film",
        "Un film sur la prise d'otages de Beslan a été présenté samedi à Cannes. On y suit une institutrice "
        "enfermée avec ses élèves tandis que les assaillants exécutent des pères de famille. La salle a "
        "applaudi dix minutes.",
    ),
    (
        "roman",
        "Dans son dernier roman, un tueur abat un juge en plein cœur de Beyrouth et la ville s'embrase. "
        "L'auteur l'a présenté dimanche au salon de Genève. La critique salue une écriture sèche.",
    ),
    (
        "crise cardiaque",
        "L'ancien premier ministre centrafricain est mort mardi à Bangui d'une attaque cardiaque. Il avait "
        "échappé à deux attentats. Un deuil de trois jours a été décrété.",
    ),
]

# What the coder still takes for events, and why that is hard.
NOT_YET = [
    (
        "en",
        "what is remembered goes on in a clause below",
        "Residents of Garissa lit candles on Tuesday evening to remember the 148 people killed when al "
        "Shabaab gunmen stormed the university. The attackers went from room to room, shooting Christians. "
        "Nine years later the survivors still ask for support.",
    ),
    (
        "en",
        "ordinary crime by unknown gunmen in a short text",
        "A shopkeeper was shot dead in Port of Spain on Friday night by two men who demanded the takings. The"
        " gunmen fled in a white car. The killing brings the number of murders this year to 187.",
    ),
    (
        "en",
        "the parser hangs the exercise on the second verb alone",
        "Soldiers stormed a hotel in Kigali on Tuesday and freed forty hostages in an exercise that tested "
        "the response to an attack. Actors played the gunmen, and blank rounds were fired. Residents had been"
        " warned by text message.",
    ),
    (
        "en",
        "the day of history stands in an earlier sentence that tells of no event",
        "On 24 April 1974 a song on the radio set the tanks rolling in Lisbon. Troops seized the airport, the"
        " ministries and the broadcaster within hours. Four people were killed when the secret police fired "
        "from a window.",
    ),
    (
        "en",
        "a hero, not a person, kills",
        "In his new novel a sniper kills a minister in the heart of Beirut, and militias take to the streets."
        " The author presented the book at a fair in Abu Dhabi on Sunday. Critics praised its cold beauty.",
    ),
    (
        "en",
        "a sentence of background between news",
        "Workers began on Monday to rebuild the bridge over the Irpin that was blown up two years ago. "
        "Russian troops had tried to cross it on their way to Kyiv. The work is to take a year.",
    ),
    (
        "fr",
        'retold after "ce jour-là", which looks like a day of news',
        "Le procès du massacre du 28 septembre a repris mardi à Conakry. Ce jour-là, des militaires avaient "
        "tiré sur les opposants réunis dans le stade, tuant plus de 150 personnes et violant des dizaines de "
        "femmes. L'ancien chef de la junte nie toute responsabilité.",
    ),
    (
        "fr",
        "a noun for the march is itself the object of a future verb",
        "L'opposition togolaise organisera samedi une grande marche à Lomé contre la nouvelle Constitution. "
        "Le cortège partira de Bè. Les organisateurs attendent 20 000 personnes.",
    ),
    (
        "fr",
        "the storm is the subject of the verb above the dead",
        "La tempête Akira a frappé la côte est de Madagascar lundi, faisant six morts. Des rafales de 180 "
        "km/h ont balayé Mananjary. Plus de 4 000 maisons ont été détruites.",
    ),
    (
        "fr",
        "damage and shots of the sentences after the elephant",
        "Un éléphant a tué un cultivateur dimanche près de Djibo et saccagé son champ. C'est le troisième "
        "mort depuis mars. Les gardes ont tiré en l'air pour éloigner le troupeau.",
    ),
]

TWINS = [
    (
        "en",
        "possible",
        "The US embassy in Nairobi has urged its citizens to stay away from the city centre. On Tuesday "
        "hundreds of people marched to Uhuru Park against the finance bill. More demonstrations are likely on"
        " Thursday, it said.",
    ),
    (
        "en",
        "candles",
        "Residents of Garissa marched through the town on Tuesday to demand compensation for the victims of "
        "the 2015 university attack. They carried candles and placards. Nine years later the survivors still "
        "ask for support.",
    ),
    (
        "en",
        "anniversary",
        "Nigeria marked ten years since the Chibok abduction on Sunday. On the same day gunmen seized eleven "
        "women from their farms near Gwoza. Residents said that the attackers came on motorcycles.",
    ),
    (
        "en",
        "verdict",
        "A judge who sentenced three men for the attack on the Cappuccino cafe was shot dead in Ouagadougou "
        "on Monday. Two gunmen fired at his car and escaped. Nobody has claimed the killing.",
    ),
    (
        "en",
        "road accident",
        "Fourteen people were killed on Monday when a bus hit a roadside bomb near Mandera. Police blamed al "
        "Shabaab. Another twenty were taken to hospital.",
    ),
    (
        "en",
        "fire",
        "A mob set fire to a police station in Dhaka on Tuesday night. The blaze broke out after a rumour "
        "that a student had died in custody. Two officers were injured.",
    ),
    (
        "en",
        "military accident",
        "Six soldiers died on Tuesday when their lorry drove over a mine near Baidoa. They were on their way "
        "back to barracks, the army said. Al Shabaab claimed responsibility.",
    ),
    (
        "en",
        "robbery",
        "Bandits attacked the village of Kanoma in Zamfara on Monday. They shot a guard dead, robbed shops "
        "and took nine people away. Residents said that the gunmen stayed for three hours.",
    ),
    (
        "en",
        "wage talks",
        "Nurses in Harare marched to the ministry of health on Monday, in the second week of their strike. "
        "Riot police blocked the road but nobody was hurt. Talks over pay broke down last week.",
    ),
    (
        "en",
        "banned march",
        "Police fired tear gas on Tuesday to break up a demonstration in Conakry that the prefect had banned."
        " Eleven people were arrested. The organisers said they would march again on Thursday.",
    ),
    (
        "en",
        "denial",
        "Soldiers fired on herders near Bongor on Tuesday and killed four of them, residents said. The army "
        "denied that its men had used force against civilians.",
    ),
    (
        "en",
        "hypothetical",
        "An Israeli air strike on a house in Rafah killed nine members of a family on Monday. If troops enter"
        " the city, hundreds of thousands would have to flee, the UN warned.",
    ),
    (
        "en",
        "statistics",
        "Gunmen killed nineteen farmers near Djibo on Sunday, officials said. A think tank counted 430 "
        "attacks across the Sahel in the first quarter.",
    ),
    (
        "fr",
        "possible",
        "Plusieurs centaines de jeunes ont manifesté vendredi à Dakar après la prière contre le report du "
        "scrutin. L'ambassade de France recommande à ses ressortissants d'éviter le centre-ville. De "
        "nouvelles manifestations sont probables.",
    ),
    (
        "fr",
        "bougies",
        "Les familles des victimes de l'attentat de Grand-Bassam ont manifesté mardi devant le tribunal "
        "d'Abidjan. Elles demandent toujours réparation, huit ans après. Le rassemblement s'est déroulé dans "
        "le calme.",
    ),
    (
        "fr",
        "incendie",
        "Une foule en colère a incendié mardi la mairie de Kaya. Les jeunes reprochent au maire la vente de "
        "parcelles. Les forces de l'ordre ont fait usage de gaz lacrymogène.",
    ),
    (
        "fr",
        "inondations",
        "Des miliciens de la Codeco ont tué dix-sept déplacés dimanche à Djugu, dans la province de l'Ituri. "
        "Ils ont attaqué le site à l'aube. Les inondations avaient déjà chassé ces familles.",
    ),
    (
        "fr",
        "braquage",
        "Des hommes armés ont attaqué lundi un bus de transport près de Kantchari et enlevé quatre passagers."
        " Un apprenti a été tué. Les djihadistes sont actifs dans la zone.",
    ),
    (
        "fr",
        "menace2",
        "Des hommes armés ont tué cinq habitants de Nassoumbou dimanche et brûlé leurs greniers. Ils avaient "
        "sommé la population de partir. Des familles ont pris la route de Djibo.",
    ),
    (
        "fr",
        "démenti",
        "Des combattants ont attaqué mardi une base de l'armée nigérienne près de Tillabéri, tuant six "
        "soldats. L'état-major dément que la position ait été prise.",
    ),
    (
        "fr",
        "hypothèse",
        "De violents combats ont opposé lundi le M23 à l'armée congolaise près de Sake. Douze soldats ont été"
        " tués, selon une source militaire. Si les rebelles entrent à Goma, la ville pourrait sombrer dans le"
        " chaos.",
    ),
    (
        "fr",
        "statistiques",
        "Des hommes armés ont tué une quinzaine de civils dimanche à Gnangdin, dans l'est du Burkina Faso. "
        "Selon un rapport, plus de 1 200 civils ont péri au premier trimestre.",
    ),
    (
        "fr",
        "tempête",
        "Des roquettes ont frappé Goma lundi, faisant six morts dans un camp de déplacés. L'armée accuse le "
        "M23 d'avoir tiré depuis Sake. Plusieurs abris ont été détruits.",
    ),
]


def events(text: str, lang: str) -> list[str]:
    """The sub-event types of the events that are complete, as they would be published."""
    return [str(claim.sub_event_type.value) for claim in code(text, lang).claims if claim.complete]


@pytest.mark.parametrize(("lang", "text"), [("en", t) for _, t in ENGLISH] + [("fr", t) for _, t in FRENCH])
def test_no_event_is_made_of_it(lang: str, text: str) -> None:
    assert events(text, lang) == []


@pytest.mark.parametrize(("lang", "why", "text"), NOT_YET)
@pytest.mark.xfail(strict=True, reason="not told apart yet")
def test_no_event_should_be_made_of_it(lang: str, why: str, text: str) -> None:
    assert events(text, lang) == [], why


@pytest.mark.parametrize(("lang", "kind", "text"), TWINS)
def test_its_twin_tells_one_event(lang: str, kind: str, text: str) -> None:
    assert len(events(text, lang)) == 1, kind
